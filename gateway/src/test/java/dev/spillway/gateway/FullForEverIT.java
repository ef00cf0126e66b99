package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
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
 * The only provider is full, or both are, and never say until when: each is asked again, later each
 * time. That takes seconds, so all ways are tried at once, each at providers of its own.
 *
 * <p>A provider counts from when it said no, which the hub hears a little later: it never measures
 * less than the hub waits.
 */
class FullForEverIT {
  private static final List<Way> WAYS = Way.all().toList();

  /** Less than the hub leaves alone whoever refused, so that nobody waits for that to be over. */
  private static final Duration SHORT = Duration.ofMillis(800);

  /** Less than what is left of that when most of it is over. */
  private static final Duration SHORTER = Duration.ofMillis(100);

  @RegisterExtension final Providers providers = new Providers(2 * WAYS.size());

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

  @Test
  void asksEachOfTwoTwiceInThreeSecondsAtMost() throws Exception {
    eachWay((way, hub, first, second) -> {
      ReceivedMessage got = ask(way, hub, Duration.ofSeconds(3));

      Told.refused(got, 429);
      for (FaultyProvider each : List.of(first, second)) {
        List<Turn> turns = each.turns();
        assertThat(turns).hasSizeBetween(1, 2);
        if (turns.size() == 2) {
          assertThat(between(turns, 0)).as("left alone").isGreaterThan(Duration.ofMillis(900));
        }
      }
      assertThat(turns(first, second)).as("at least one of them twice").isGreaterThan(2);
    });
  }

  /** Whoever comes when he was told to is one whom a provider is asked for, and nobody before. */
  @Test
  void saysHonestlyWhenOneOfTwoIsAskedAgain() throws Exception {
    eachWay((way, hub, first, second) -> {
      ReceivedMessage got = ask(way, hub, SHORT);
      assertThat(first.turns()).hasSize(1);
      assertThat(second.turns()).hasSize(1);

      for (int time = 0; time < 2; time++) {
        long told = System.nanoTime();
        Told.refused(got, 429, 503);
        long againMillis = Long.parseLong(got.header("retry-after-ms"));
        Told.comeBackIn(got, Duration.ofMillis(againMillis), Duration.ofMillis(againMillis + 999));
        int turns = turns(first, second);
        Until.holds("most of it is over", () -> sinceMillis(told) >= againMillis * 6 / 10);

        Told.refused(ask(way, hub, SHORTER), 429, 503);
        assertThat(turns(first, second)).as("too soon").isEqualTo(turns);

        Until.holds("the time is over", () -> sinceMillis(told) >= againMillis);
        got = ask(way, hub, SHORT);
        assertThat(turns(first, second)).as("after " + againMillis).isGreaterThan(turns);
      }
    });
  }

  /** What is done to a hub before two that are full for ever. */
  @FunctionalInterface
  private interface Story {
    void play(Way way, TestHub hub, FaultyProvider first, FaultyProvider second) throws Exception;
  }

  private void eachWay(Story story) throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> stories = new ArrayList<>();
      for (int i = 0; i < WAYS.size(); i++) {
        Way way = WAYS.get(i);
        FaultyProvider first = providers.get(2 * i);
        FaultyProvider second = providers.get(2 * i + 1);
        first.will(Refusals.full());
        second.will(Refusals.full());
        TestHub hub = providers.hubBefore(plan -> plan, first.port(), second.port());
        stories.add(
            clients.submit(() -> {
              story.play(way, hub, first, second);
              return null;
            }));
      }
      for (Future<?> each : stories) {
        each.get();
      }
    }
  }

  private ReceivedMessage ask(Way way, TestHub hub, Duration deadline) throws IOException {
    return providers.ask(way, hub, way.body(), "x-spillway-timeout-ms: " + deadline.toMillis());
  }

  private static int turns(FaultyProvider first, FaultyProvider second) {
    return first.turns().size() + second.turns().size();
  }

  private static long sinceMillis(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  /** What became of one request each way, none of which got an answer within the deadline. */
  private List<List<Turn>> turnsOfRefused(Fault fault, Duration deadline) throws Exception {
    List<List<Turn>> turns = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReceivedMessage>> answers = new ArrayList<>();
      for (int i = 0; i < WAYS.size(); i++) {
        Way way = WAYS.get(i);
        providers.get(i).will(fault);
        TestHub hub = providers.hubBeforeOnly(i);
        answers.add(clients.submit(() -> ask(way, hub, deadline)));
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
