package dev.spillway.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.quota.Quota.Refill;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StatedQuotasTest {
  private static final long SECOND = 1_000_000_000;
  private static final Demand SOME = new Demand(900, 100);
  private static final Demand LITTLE = new Demand(90, 10);

  private final StatedQuotas quotas = new StatedQuotas();

  @Test
  void keepsNobodyAwayOfWhomNothingIsKnown() {
    Demand huge = new Demand(1L << 40, 1L << 40);

    for (long now : new long[] {-(1L << 60), 0, 1L << 60}) {
      assertThat(quotas.tryTake(huge, now)).isTrue();
      assertThat(quotas.roomFromNanos()).isLessThanOrEqualTo(now);
    }
    assertThat(quotas.leftTokens()).isPositive();
  }

  @Test
  void letsInAsManyRequestsAsRemain() {
    requests(2, 10, 5 * SECOND, Refill.AT_ONCE, sent(0));

    assertThat(quotas.tryTake(SOME, 0)).isTrue();
    assertThat(quotas.tryTake(SOME, 0)).isTrue();
    assertThat(quotas.tryTake(SOME, 0)).isFalse();
    assertThat(quotas.fits(new Demand(0, 0), SECOND)).isFalse();
    assertThat(quotas.roomInNanos(SOME, SECOND)).isEqualTo(4 * SECOND);
    assertThat(quotas.fits(SOME, 5 * SECOND)).as("its reset").isTrue();
  }

  @Test
  void letsInRequestsThatFitIntoTheTokensThatRemain() {
    tokens(999, 10_000, 5 * SECOND, Refill.AT_ONCE, sent(0));

    assertThat(quotas.tryTake(SOME, 0)).isFalse();
    assertThat(quotas.tryTake(LITTLE, 0)).isTrue();
    assertThat(quotas.leftTokens()).isEqualTo(899);
    assertThat(quotas.roomInNanos(SOME, 0)).isEqualTo(5 * SECOND);
  }

  @Test
  void countsWhatWasSentSinceTheAttemptThatItIsStatedOf() {
    assertThat(quotas.tryTake(SOME, 0)).isTrue();
    SentSoFar then = sent(0);
    assertThat(quotas.tryTake(SOME, 0)).isTrue();

    tokens(1_050, 10_000, 5 * SECOND, Refill.AT_ONCE, then);

    assertThat(quotas.leftTokens()).isEqualTo(50);
  }

  @Test
  void refillsEvenlyWhereTheProviderDoes() {
    requests(0, 60, 60 * SECOND, Refill.EVENLY, sent(0));
    tokens(0, 60_000, 30 * SECOND, Refill.EVENLY, sent(0));

    assertThat(quotas.roomInNanos(LITTLE, 0)).as("one a second").isEqualTo(SECOND);
    assertThat(quotas.roomInNanos(new Demand(4_000, 0), 0)).isEqualTo(2 * SECOND);
    assertThat(quotas.roomInNanos(new Demand(4_000, 0), SECOND)).isEqualTo(SECOND);
    assertThat(quotas.tryTake(LITTLE, SECOND)).isTrue();
    assertThat(quotas.tryTake(LITTLE, SECOND)).isFalse();
  }

  @Test
  void forgetsAfterAMinuteWhateverTheReset() {
    requests(0, 60, 3_600 * SECOND, Refill.AT_ONCE, sent(0));

    assertThat(quotas.roomInNanos(SOME, 59 * SECOND)).isEqualTo(SECOND);
    assertThat(quotas.roomFromNanos()).isEqualTo(60 * SECOND);
  }

  @Test
  void countsFromWhenTheAttemptWasSentNotFromWhenItIsHeard() {
    SentSoFar then = sent(0);
    quotas.stated(new StatedCapacity(limit(0), null, null), then, 4 * SECOND);

    assertThat(quotas.roomInNanos(SOME, 4 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void believesWhatIsStatedOfTheLatestAttempt() {
    requests(0, 10, 5 * SECOND, Refill.AT_ONCE, sent(SECOND));

    requests(7, 10, 5 * SECOND, Refill.AT_ONCE, sent(0));
    assertThat(quotas.fits(SOME, SECOND)).as("an older one, heard later").isFalse();

    requests(7, 10, 5 * SECOND, Refill.AT_ONCE, sent(2 * SECOND));
    assertThat(quotas.fits(SOME, SECOND)).isTrue();
  }

  @Test
  void keepsWhatAnAnswerDoesNotSpeakOf() {
    requests(0, 10, 5 * SECOND, Refill.AT_ONCE, sent(0));
    tokens(5_000, 10_000, 5 * SECOND, Refill.AT_ONCE, sent(SECOND));

    assertThat(quotas.fits(SOME, SECOND)).isFalse();
  }

  @Test
  void isNotUsedUpByWhatIsGivenBack() {
    requests(1, 10, 5 * SECOND, Refill.AT_ONCE, sent(0));

    assertThat(quotas.tryTake(SOME, 0)).isTrue();
    quotas.giveBack(SOME);

    assertThat(quotas.tryTake(SOME, 0)).isTrue();
  }

  @Test
  void givesNothingToTwo() throws Exception {
    requests(500, 1_000, 5 * SECOND, Refill.AT_ONCE, sent(0));
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int request = 0; request < 1_000; request++) {
              taken.addAndGet(quotas.tryTake(LITTLE, 0) ? 1 : 0);
            }
            over.countDown();
          });
    }
    over.await();

    assertThat(taken).hasValue(500);
  }

  private SentSoFar sent(long nowNanos) {
    return quotas.sent(0, nowNanos);
  }

  private static Quota limit(long remaining) {
    return new Quota(remaining, 10, 5 * SECOND, Refill.AT_ONCE);
  }

  private void requests(
      long remaining, long limit, long resetNanos, Refill refill, SentSoFar then) {
    Quota stated = new Quota(remaining, limit, resetNanos, refill);
    quotas.stated(new StatedCapacity(stated, null, null), then, then.atNanos());
  }

  private void tokens(long remaining, long limit, long resetNanos, Refill refill, SentSoFar then) {
    Quota stated = new Quota(remaining, limit, resetNanos, refill);
    quotas.stated(new StatedCapacity(null, stated, null), then, then.atNanos());
  }
}
