package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The only provider is full, and never says until when: it is asked again, later each time. That
 * takes seconds, so all ways are tried at once, each at a provider of its own.
 *
 * <p>A provider counts from when it said no, which the hub hears a little later: it never measures
 * less than the hub waits.
 */
class FullForEverIT {
  private static final List<Way> WAYS = Way.all().toList();

  @RegisterExtension final Providers providers = new Providers(WAYS.size());

  /** What says nothing of when to come back: a time that is over is none. */
  static Stream<Fault> fullForEver() {
    return Stream.of(
        Refusals.full(),
        Refusals.fullForSeconds(0),
        Refusals.fullForSeconds(-1),
        Refusals.fullUntil(Duration.ofDays(-1)));
  }

  @ParameterizedTest
  @MethodSource("fullForEver")
  void isAskedTwiceInThreeSeconds(Fault fault) throws Exception {
    for (List<Turn> turns : turnsOfRefused(fault, Duration.ofSeconds(3))) {
      assertThat(turns).hasSize(2);
      assertThat(between(turns, 0)).isBetween(Duration.ofMillis(900), Duration.ofMillis(2_500));
    }
  }

  @Test
  void isLeftAloneLongerEachTime() throws Exception {
    for (List<Turn> turns : turnsOfRefused(Refusals.full(), Duration.ofSeconds(7))) {
      assertThat(turns).hasSizeGreaterThanOrEqualTo(3);
      assertThat(between(turns, 1))
          .isGreaterThan(between(turns, 0))
          .isGreaterThan(Duration.ofMillis(1_900));
    }
  }

  /** What became of one request each way, none of which got an answer within the deadline. */
  private List<List<Turn>> turnsOfRefused(Fault fault, Duration deadline) throws Exception {
    String within = "x-spillway-timeout-ms: " + deadline.toMillis();
    List<List<Turn>> turns = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReceivedMessage>> answers = new ArrayList<>();
      for (int i = 0; i < WAYS.size(); i++) {
        Way way = WAYS.get(i);
        providers.get(i).will(fault);
        TestHub hub = providers.hubBeforeOnly(i);
        answers.add(clients.submit(() -> providers.ask(way, hub, way.body(), within)));
      }
      for (int i = 0; i < WAYS.size(); i++) {
        Told.refused(answers.get(i).get(), 429);
        Told.comeBackIn(answers.get(i).get(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        turns.add(providers.get(i).turns());
      }
    }
    return turns;
  }

  private static Duration between(List<Turn> turns, int first) {
    return Duration.ofNanos(turns.get(first + 1).arrivedNanos() - turns.get(first).arrivedNanos());
  }
}
