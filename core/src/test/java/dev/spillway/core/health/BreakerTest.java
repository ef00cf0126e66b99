package dev.spillway.core.health;

import static dev.spillway.core.health.Breaker.Ruling.HOLDS_BACK;
import static dev.spillway.core.health.Breaker.Ruling.LETS_THROUGH;
import static dev.spillway.core.health.Breaker.Ruling.STOPS;
import static dev.spillway.core.health.Breaker.Ruling.WANTS_A_PROBE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {
  private static final long SECOND = 1_000_000_000;

  private final Breaker breaker = new Breaker(BreakerTuning.DEFAULT);

  @Test
  void oneFailureChangesNothing() {
    breaker.unreachable(sent(0), 0);
    breaker.failed(sent(0), 0);

    assertThat(breaker.rule(1, 0)).isEqualTo(LETS_THROUGH);
  }

  @Test
  void opensWhenThreeInARowFoundNobody() {
    breaker.unreachable(sent(0), 0);
    breaker.unreachable(sent(0), 0);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

    breaker.unreachable(sent(0), 0);

    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    assertThat(breaker.rule(1, 0)).isEqualTo(STOPS);
    assertThat(breaker.opensInNanos(SECOND)).isCloseTo(4 * SECOND, within2Millis());
  }

  @Test
  void anAnswerInBetweenBreaksTheRow() {
    for (int i = 0; i < 5; i++) {
      breaker.unreachable(sent(0), 0);
      breaker.unreachable(sent(0), 0);
      breaker.answered(sent(0), 0);
      breaker.answered(sent(0), 0);
      breaker.answered(sent(0), 0);
    }

    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void opensWhenMostAttemptsFail() {
    int attempts = 0;
    while (breaker.state() == BreakerState.CLOSED) {
      breaker.failed(sent(0), 0);
      attempts++;
    }

    assertThat(attempts).isBetween(10, 14);
  }

  @Test
  void staysClosedWhenOneInFiveFails() {
    for (int i = 0; i < 1_000; i++) {
      if (i % 5 == 0) {
        breaker.failed(sent(0), 0);
      } else {
        breaker.answered(sent(0), 0);
      }
    }

    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void letsOneProbeThroughAfterTheHoldDown() {
    open(0);

    assertThat(breaker.rule(1, 4_990_000_000L)).isEqualTo(STOPS);
    assertThat(breaker.rule(1, 5_010_000_000L)).isEqualTo(WANTS_A_PROBE);
    assertThat(breaker.tryProbe(1, 5_010_000_000L)).isTrue();
    assertThat(breaker.tryProbe(2, 5_010_000_000L)).isFalse();
    assertThat(breaker.rule(2, 6 * SECOND)).isEqualTo(STOPS);
  }

  @Test
  void oneProbeMeansOneOverAllLoops() throws InterruptedException {
    open(0);
    AtomicInteger probes = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    var loops =
        Stream.generate(() ->
                Thread.ofPlatform()
                    .unstarted(() -> {
                      while (start.getCount() > 0) {
                        Thread.onSpinWait();
                      }
                      if (breaker.tryProbe(1, 6 * SECOND)) {
                        probes.incrementAndGet();
                      }
                    }))
            .limit(4)
            .toList();
    loops.forEach(Thread::start);

    start.countDown();
    for (Thread loop : loops) {
      loop.join();
    }

    assertThat(probes).hasValue(1);
  }

  @Test
  void doublesTheHoldDownWithARelapseAndKeepsItThere() {
    long now = 0;
    for (long seconds : new long[] {5, 10, 10, 10, 10, 10}) {
      open(now);
      assertThat(breaker.opensInNanos(now)).isCloseTo(seconds * SECOND, within2Millis());
      now += (seconds + 1) * SECOND;
      assertThat(breaker.tryProbe(1, now)).isTrue();
      breaker.answered(probe(now), now);
    }
  }

  @Test
  void probesEveryTenSecondsHoweverLongTheIllness() {
    open(0);
    long now = 6 * SECOND;
    for (int probe = 0; probe < 30; probe++) {
      assertThat(breaker.tryProbe(1, now)).isTrue();
      breaker.failed(probe(now), now);
      assertThat(breaker.opensInNanos(now)).isCloseTo(10 * SECOND, within2Millis());
      now += 10 * SECOND + 3_000_000;
    }
  }

  @Test
  void startsAnewAfterFiveMinutesOfHealth() {
    open(0);
    breaker.tryProbe(1, 6 * SECOND);
    breaker.answered(probe(6 * SECOND), 6 * SECOND);

    open(400 * SECOND);

    assertThat(breaker.opensInNanos(400 * SECOND)).isCloseTo(5 * SECOND, within2Millis());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10, 14})
  void letsAGrowingShareThroughAfterItsReturn(int secondsAfter) {
    open(0);
    breaker.tryProbe(1, 6 * SECOND);
    breaker.answered(probe(6 * SECOND), 6 * SECOND);

    long through =
        LongStream.range(0, 10_000)
            .filter(n -> breaker.rule(n, (6 + secondsAfter) * SECOND) == LETS_THROUGH)
            .count();

    assertThat(through / 10_000.0)
        .isCloseTo(secondsAfter / 15.0, org.assertj.core.api.Assertions.within(0.01));
  }

  @Test
  void letsEverythingThroughWhenTheRampIsOver() {
    open(0);
    breaker.tryProbe(1, 6 * SECOND);
    breaker.answered(probe(6 * SECOND), 6 * SECOND);

    assertThat(breaker.rule(1, 6 * SECOND)).isEqualTo(HOLDS_BACK);
    assertThat(LongStream.range(0, 1_000))
        .allMatch(n -> breaker.rule(n, 22 * SECOND) == LETS_THROUGH);
  }

  @Test
  void letsAGrowingShareThroughWhereSomebodyIsBack() {
    breaker.returned(SECOND);

    assertThat(LongStream.range(0, 10_000).filter(n -> breaker.rule(n, 4 * SECOND) == LETS_THROUGH))
        .hasSizeBetween(1_900, 2_100);
    assertThat(LongStream.range(0, 1_000))
        .allMatch(n -> breaker.rule(n, 17 * SECOND) == LETS_THROUGH);
  }

  @Test
  void awaitsAProbeOfOneThatWasIllWhenItWent() {
    open(0);

    breaker.returned(SECOND);

    assertThat(breaker.rule(1, 2 * SECOND)).isEqualTo(STOPS);
    assertThat(breaker.rule(1, 6 * SECOND)).isEqualTo(WANTS_A_PROBE);
  }

  @Test
  void aProbeWhoseClientLeftIsMadeAgain() {
    open(0);
    breaker.tryProbe(1, 6 * SECOND);

    breaker.learntNothing(probe(6 * SECOND), 7 * SECOND);

    assertThat(breaker.rule(2, 7 * SECOND)).isEqualTo(WANTS_A_PROBE);
  }

  @Test
  void lateFailuresOfEarlierAttemptsDoNotProlongTheIllness() {
    open(0);
    for (int i = 0; i < 60; i++) {
      breaker.unreachable(sent(4 * SECOND), 4 * SECOND);
    }

    assertThat(breaker.rule(1, 5_010_000_000L)).isEqualTo(WANTS_A_PROBE);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE + 1, -7, 0, Long.MAX_VALUE - 3_000_000_000L})
  void worksAtAnyTimeOfTheClock(long start) {
    open(start);

    assertThat(breaker.rule(1, start + SECOND)).isEqualTo(STOPS);
    assertThat(breaker.rule(1, start + 6 * SECOND)).isEqualTo(WANTS_A_PROBE);
  }

  /** Streams that began before the illness may end, or break off, in the middle of it. */
  @Test
  void aProbeAloneDecidesWhileItIsAwaited() {
    open(0);
    breaker.tryProbe(1, 6 * SECOND);

    breaker.answered(sent(-SECOND), 7 * SECOND);
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    breaker.failed(sent(-SECOND), 7 * SECOND);
    breaker.unreachable(sent(-SECOND), 7 * SECOND);
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);

    breaker.answered(probe(6 * SECOND), 8 * SECOND);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void whatWasSentDuringAnIllnessDoesNotBringItBack() {
    open(0);
    breaker.tryProbe(1, 6 * SECOND);
    breaker.answered(probe(6 * SECOND), 6 * SECOND);

    for (int i = 0; i < 60; i++) {
      breaker.unreachable(sent(-SECOND), 7 * SECOND);
    }
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

    for (int i = 0; i < 3; i++) {
      breaker.unreachable(sent(7 * SECOND), 8 * SECOND);
    }
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  private record Attempt(boolean isProbe, long sentNanos) implements Sent {}

  private static Sent sent(long nanos) {
    return new Attempt(false, nanos);
  }

  private static Sent probe(long nanos) {
    return new Attempt(true, nanos);
  }

  private void open(long now) {
    for (int i = 0; i < 3; i++) {
      breaker.unreachable(sent(now), now);
    }
  }

  private static org.assertj.core.data.Offset<Long> within2Millis() {
    return org.assertj.core.api.Assertions.within(2_200_000L);
  }
}
