package dev.spillway.app.hub;

import static dev.spillway.app.hub.SpillingHub.HOME;
import static dev.spillway.app.hub.SpillingHub.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.LimitTuning;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How long a deployment is waited for, at the default times: 5 s where it is known to be quick,
 * longer where it is known to be slow, and 30 s where nothing is known.
 *
 * <p>How long an answer thinks before it begins, nobody knows beforehand; so those are asked to
 * whose beginning a test is about.
 */
class LearntLimitsIT {
  private static final String THINKING = "\"reasoning_effort\":\"high\"";
  private static final int WORDS = 9;

  /** Twice what is enough: a slow machine may read an answer in one piece, and see no pause. */
  private static final int LESSONS = 2 * LimitTuning.DEFAULT.learntFrom();

  private static final Duration FLOOR = LimitTuning.DEFAULT.firstContentFloor();

  /** More than the floor, and less than four times {@link #USUALLY}. */
  private static final Duration LATE = Duration.ofMillis(5_400);

  private static final Duration USUALLY = Duration.ofMillis(1_600);

  /** Events of an answer that have come when it stands still: its role, and words. */
  private static final int EVENTS = 6;

  private FaultyProvider home;
  private FaultyProvider partner;

  @BeforeEach
  void start() throws Exception {
    home = FaultyProvider.start("home");
    partner = FaultyProvider.start("partner");
  }

  @AfterEach
  void stop() {
    partner.close();
    home.close();
  }

  @Test
  void leavesOneThatUsuallyBeginsAtOnceAndSaysNothing() throws Exception {
    leavesLongBeforeTheCeiling(Fault.NONE, Silences.silent(), THINKING);
  }

  @Test
  void leavesOneThatUsuallyFlowsAndStandsStill() throws Exception {
    Fault flows = pauses(Duration.ofMillis(200));
    leavesLongBeforeTheCeiling(flows, Silences.stallsAfter(EVENTS));
  }

  @Test
  void waitsForOneThatUsuallyBeginsLate() throws Exception {
    waitsBeyondTheFloor(Silences.late(USUALLY), Silences.late(LATE), THINKING);
  }

  @Test
  void waitsForOneThatUsuallyPauses() throws Exception {
    waitsBeyondTheFloor(pauses(USUALLY), pauses(LATE));
  }

  /** The same trouble of the same home at a hub that does not know it yet is waited for. */
  private void leavesLongBeforeTheCeiling(Fault usually, Fault trouble, String... members)
      throws Exception {
    home.will(first(usually, trouble));
    try (SpillingHub hub = hub();
        SpillingHub newcomer = hub()) {
      learns(hub, members);

      CompletableFuture<HttpResponse<String>> known = hub.send(WORDS, members);
      Turn left = home.awaitTurn(LESSONS);
      CompletableFuture<HttpResponse<String>> unknown = newcomer.send(WORDS, members);
      Turn kept = home.awaitTurn(LESSONS + 1);

      servedBy(known);
      assertThat(left.awaitEnding()).isEqualTo(Turn.Ending.CANCELLED);
      assertThat(Duration.ofNanos(left.endedNanos() - left.arrivedNanos()))
          .isBetween(FLOOR.minusMillis(500), FLOOR.plusSeconds(3));
      assertThat(partner.turns()).hasSize(1);
      assertThat(kept.ending()).isEqualTo(Turn.Ending.UNDER_WAY);
      assertThat(unknown).isNotDone();
    }
  }

  private void waitsBeyondTheFloor(Fault usually, Fault late, String... members) throws Exception {
    home.will(first(usually, late));
    try (SpillingHub hub = hub()) {
      learns(hub, members);

      assertThat(servedBy(hub.send(WORDS, members))).isEqualTo(HOME);

      assertThat(home.awaitTurn(LESSONS).awaitEnding()).isEqualTo(Turn.Ending.PLAYED);
      assertThat(partner.turns()).isEmpty();
    }
  }

  private SpillingHub hub() throws Exception {
    return SpillingHub.before("attempts: {hedges: 0%}", home.port(), partner.port());
  }

  private static void learns(SpillingHub hub, String... members) throws Exception {
    for (var each : hub.sendAll(LESSONS, WORDS, members)) {
      assertThat(servedBy(each)).isEqualTo(HOME);
    }
    hub.awaitOver(LESSONS);
  }

  /** One for each that teaches, and then the other. */
  private static Fault[] first(Fault usually, Fault then) {
    List<Fault> all = new ArrayList<>(Collections.nCopies(LESSONS, usually));
    all.add(then);
    return all.toArray(Fault[]::new);
  }

  private static Fault pauses(Duration how) {
    return new Fault(
        "pauses for " + how,
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, EVENTS);
          turn.pause(how);
          turn.sendEvents(EVENTS, Integer.MAX_VALUE);
          turn.sendLastChunk();
        });
  }
}
