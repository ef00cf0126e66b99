package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Capacity;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Silences;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deployments that are all down or full, and how one that was down is found to be well again. */
class NobodyAnswersIT {
  private static final int ENOUGH_TO_OPEN = 20;
  private static final int LOOPS = 4;
  private static final String WITHIN_2_S = "x-spillway-timeout-ms: 2000";

  /** No limit that a test waits for. */
  private static final Duration LONG = Duration.ofSeconds(30);

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Way> ways() {
    return Way.all();
  }

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void probesOneThatWasDownWithOneRequestOverAllLoops(Way way) throws Exception {
    GatewayConfig config = GatewayPlan.usual().loops(LOOPS).config();
    TestHub hub = providers.hub(2, plan -> plan.with(config));
    takeDownHome(way, hub);
    providers.home().will(Silences.silent());
    Until.holds(
        "home may be probed",
        () -> hub.status(0).breaker() != BreakerState.OPEN || askedHome(way, hub));

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReceivedMessage>> answers = new ArrayList<>();
      for (int i = 0; i < 4 * LOOPS; i++) {
        answers.add(clients.submit(() -> askOnce(way, hub)));
      }
      for (Future<ReceivedMessage> each : answers) {
        Told.wholeAnswer(each.get(), way.body());
      }
    }

    assertThat(mostAtOnce(providers.home().turns())).isEqualTo(1);
  }

  /** What began before the illness, and ends during it, says nothing of what is asked now. */
  @ParameterizedTest
  @MethodSource("streamed")
  void staysAwayFromOneThatIsDownThoughAnOldAnswerOfItEnds(Way way) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    providers.home().will(heldAfter(3, goOn));
    TestHub hub = providers.hub(2, plan -> plan.stallingWithin(LONG).beginningWithin(LONG));
    TestClient old = providers.client(way, hub);
    old.send(Requests.chat(way.body())).receiveUntil("delta");
    takeDownHome(way, hub);
    probe(way, hub);

    goOn.countDown();
    old.receiveUntil("[DONE]");
    Until.holds("only the probe is under way", () -> hub.status(0).inFlight() == 1);
    for (int i = 0; i < 5; i++) {
      Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());
    }

    assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(providers.home().turns()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysWithoutAskingThatARequestIsTooLongForAnybody(Way way) throws Exception {
    TestHub hub = providers.hub(2, plan -> plan.taking(1, 1));

    ReceivedMessage got = providers.ask(way, hub, way.body());

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.body())
        .contains("\"code\":\"context_length_exceeded\"")
        .contains("input tokens are more than any deployment of");
    assertThat(providers.home().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void returnsToOneThatIsWellAgain(Way way) throws Exception {
    TestHub hub = providers.hub(2);
    takeDownHome(way, hub);
    providers.home().will(Fault.NONE);

    Until.holds("home is asked again", () -> askedHome(way, hub));
    Until.holds("home is closed", () -> hub.status(0).breaker() == BreakerState.CLOSED);
    long ramped = System.nanoTime() + 2 * Providers.HOLD_DOWN.toNanos();
    Until.holds("the ramp is over", () -> System.nanoTime() - ramped > 0);
    providers.home().will(Fault.NONE);
    providers.partner().will(Fault.NONE);
    for (int i = 0; i < 5; i++) {
      Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());
    }

    assertThat(providers.home().turns()).hasSize(5);
    assertThat(providers.partner().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void answersFastWhenAllAreDown(Way way) throws Exception {
    TestHub hub = beforeOneThatIsDown(way, Duration.ofSeconds(20));
    List<Duration> took = new ArrayList<>();

    for (int i = 0; i < 15; i++) {
      long asked = System.nanoTime();
      Told.refused(providers.ask(way, hub, way.body(), WITHIN_2_S), 429, 503);
      took.add(since(asked));
    }

    assertThat(took.stream().sorted().toList().get(7)).isLessThan(Duration.ofMillis(500));
    assertThat(providers.home().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysWhenOneMayBeWellAgainWhenAllAreDown(Way way) throws Exception {
    Duration holdDown = Duration.ofSeconds(20);
    Duration roundedUp = Duration.ofSeconds(1);
    long begun = System.nanoTime();
    TestHub hub = beforeOneThatIsDown(way, holdDown);
    long down = System.nanoTime();

    ReceivedMessage got = providers.ask(way, hub, way.body(), WITHIN_2_S);
    Duration left = Told.comeBackIn(got, holdDown.minus(since(begun)), holdDown.plus(roundedUp));
    Until.holds("two seconds are over", () -> since(down).toSeconds() >= 2);
    ReceivedMessage later = providers.ask(way, hub, way.body(), WITHIN_2_S);

    assertThat(Told.comeBackIn(later, holdDown.minus(since(begun)), holdDown)).isLessThan(left);
    assertThat(providers.home().turns()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void waitsForRoomWithinTheDeadlineAndThenSaysWhenToComeBack(Way way) throws Exception {
    providers.home().will(Silences.silent());
    TestHub hub = providers.hub(1, plan -> plan.with(new Capacity.OnDemand(1)));
    try (TestClient holder = way.protocol().connect(hub)) {
      holder.send(Requests.chat(way.body()));
      providers.home().awaitTurn(0);

      ReceivedMessage got = providers.ask(way, hub, way.body(), "x-spillway-timeout-ms: 400");

      Told.refused(got, 429, 503);
      Told.comeBackIn(got, Duration.ofSeconds(1), Duration.ofMinutes(10));
      assertThat(providers.home().turns()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void triesEachOnceAndSaysWhatFailedWhenAllFail(Way way) throws Exception {
    providers.home().will(Refusals.broken());
    providers.partner().will(Cuts.beforeHead(Cuts.Way.RST));
    TestHub hub = providers.hub(2);

    Told.refused(providers.ask(way, hub, way.body()), 502, 503);

    int attempts = providers.home().turns().size() + providers.partner().turns().size();
    assertThat(attempts).isBetween(2, 4);
  }

  /** Fails home until its breaker is open; the partner answers. */
  private void takeDownHome(Way way, TestHub hub) throws IOException {
    FaultyProvider home = providers.home();
    home.will(Refusals.overloaded());
    for (int i = 0; i < ENOUGH_TO_OPEN && hub.status(0).breaker() != BreakerState.OPEN; i++) {
      Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());
    }
    assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.OPEN);
  }

  /** A probe of home, whose hold-down is over soon; home says nothing to it. */
  private void probe(Way way, TestHub hub) throws Exception {
    providers.home().will(Silences.silent());
    long down = System.nanoTime();
    Until.holds("home may be probed", () -> since(down).compareTo(Providers.HOLD_DOWN) > 0);
    providers.client(way, hub).send(Requests.chat(way.body()));
    providers.home().awaitTurn(0);
  }

  /** Its breaker is open, for so long since it opened. */
  private TestHub beforeOneThatIsDown(Way way, Duration holdDown) throws Exception {
    providers.home().will(Cuts.beforeHead(Cuts.Way.RST));
    TestHub hub =
        providers.hub(1, plan -> plan.with(Providers.holdingDownFor(plan.tuning(), holdDown)));
    for (int i = 0; i < ENOUGH_TO_OPEN && hub.status(0).breaker() != BreakerState.OPEN; i++) {
      Told.refused(providers.ask(way, hub, way.body(), WITHIN_2_S), 429, 502, 503);
    }
    assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.OPEN);
    providers.home().will(Cuts.beforeHead(Cuts.Way.RST));
    return hub;
  }

  /** A well answer that stands still after so many events until it may go on. */
  private static Fault heldAfter(int events, CountDownLatch goOn) {
    return new Fault(
        "held after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          goOn.await();
          turn.sendEvents(events, Integer.MAX_VALUE);
          turn.sendLastChunk();
        });
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private boolean askedHome(Way way, TestHub hub) {
    try {
      Told.wholeAnswer(askOnce(way, hub), way.body());
      return !providers.home().turns().isEmpty();
    } catch (IOException e) {
      throw new AssertionError("the hub was to answer", e);
    }
  }

  private static ReceivedMessage askOnce(Way way, TestHub hub) throws IOException {
    try (TestClient client = way.protocol().connect(hub)) {
      client.send(Requests.chat(way.body()));
      return client.receive();
    }
  }

  /** The most turns that were under way at the same time. */
  private static int mostAtOnce(List<Turn> turns) throws InterruptedException {
    int most = 0;
    for (Turn each : turns) {
      each.awaitEnding();
    }
    for (Turn each : turns) {
      int beside = 0;
      for (Turn other : turns) {
        boolean begun = other.arrivedNanos() - each.arrivedNanos() <= 0;
        boolean over = other.endedNanos() - each.arrivedNanos() <= 0;
        beside += begun && !over ? 1 : 0;
      }
      most = Math.max(most, beside);
    }
    return most;
  }
}
