package dev.spillway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TokenRateTest {
  private static final long SECOND = 1_000_000_000;

  /** One a second, ten at once. */
  private static final TokenRate TEN = new TokenRate(60, 10);

  @Test
  void takesAllOrNothing() {
    long afterSeven = TEN.take(0, 7, 0);
    long afterRefusal = TEN.take(afterSeven, 4, 0);

    assertThat(afterRefusal).isEqualTo(afterSeven);
    assertThat(TEN.take(afterRefusal, 3, 0)).isGreaterThan(afterSeven);
  }

  @Test
  void saysHowLongToWait() {
    long state = TEN.take(0, 10, 0);

    assertThat(TEN.waitNanos(state, 3, SECOND)).isEqualTo(2 * SECOND);
    assertThat(TEN.waitNanos(state, 3, 3 * SECOND)).isZero();
  }

  @Test
  void letsARequestLargerThanTheBurstThroughWhenItIsFull() {
    long state = TEN.take(0, 25, 0);

    assertThat(TEN.waitNanos(state, 1, 0)).isEqualTo(16 * SECOND);
  }

  @Test
  void aCorrectionMayLeaveADebtOrTakeOneBack() {
    long state = TEN.settle(TEN.take(0, 10, 0), 5, 0);
    assertThat(TEN.waitNanos(state, 1, 0)).isEqualTo(6 * SECOND);

    assertThat(TEN.waitNanos(TEN.settle(state, -15, 0), 10, 0)).isZero();
  }

  /** Never grants more than the burst plus what the elapsed time has earned. */
  @RepeatedTest(100)
  void neverGrantsMoreThanWasEarned(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    TokenRate rate = new TokenRate(60_000_000, 50);
    long now = random.nextLong();
    long start = now;
    long fullAt = now;
    long granted = 0;
    for (int i = 0; i < 1_000; i++) {
      now += random.nextLong(5_000);
      long want = 1 + random.nextLong(19);
      long next = rate.take(fullAt, want, now);
      if (next != fullAt) {
        granted += want;
      }
      fullAt = next;
    }

    assertThat(granted).as("seed %d", seed).isLessThanOrEqualTo(50 + (now - start) / 1_000);
  }
}
