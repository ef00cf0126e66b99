package dev.spillway.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.model.Capacity;
import org.junit.jupiter.api.Test;

class ProvisionedBucketTest {
  private static final long SECOND = 1_000_000_000;
  private static final Demand NOTHING = new Demand(0, 0);

  /** Drains 1,000 tokens a second; 10,000 deep by the default. */
  private final ProvisionedBucket bucket =
      new ProvisionedBucket(new Capacity.Provisioned(1, 60_000, 4), BucketTuning.DEFAULT);

  @Test
  void weighsOutputAsTheProviderDoes() {
    bucket.take(new Demand(1_000, 250), 0);

    assertThat(bucket.saturation(0)).isEqualTo(0.2);
  }

  @Test
  void drainsAllTheTime() {
    bucket.take(new Demand(5_000, 0), 0);

    assertThat(bucket.saturation(2 * SECOND)).isCloseTo(0.3, within(1e-9));
    assertThat(bucket.saturation(60 * SECOND)).isZero();
  }

  @Test
  void letsInWhatItLooksAtOnArrivalHoweverLargeTheRequest() {
    bucket.take(new Demand(9_999, 0), 0);

    assertThat(bucket.tryTake(new Demand(50_000, 0), 0)).isTrue();
    assertThat(bucket.tryTake(new Demand(1, 0), 0)).isFalse();
    assertThat(bucket.roomInNanos(new Demand(1, 0), 0)).isEqualTo(49_999 * SECOND / 1_000);
  }

  @Test
  void believesTheProviderThatItIsFull() {
    bucket.refused(0, 3 * SECOND, 0);

    assertThat(bucket.fits(NOTHING, 2 * SECOND)).isFalse();
    assertThat(bucket.saturation(3 * SECOND)).isCloseTo(1, within(1e-9));
  }

  @Test
  void isBackAtOnceAtItsFullRateWhenTheTimeAskedForIsOver() {
    bucket.refused(0, SECOND, 0);

    double drain = bucket.tokensPerSecond();
    long room = bucket.roomInNanos(NOTHING, SECOND);

    assertThat(drain).isEqualTo(1_000);
    assertThat(room).as("the margin learnt from one refusal").isLessThan(SECOND);
  }

  @Test
  void learnsTheDrainFromWhatFitsBetweenTwoRefusals() {
    long now = 0;
    bucket.take(new Demand(10_000, 0), now);
    bucket.refused(now, 0, now);
    for (int i = 0; i < 20; i++) {
      // The truth: 800 tokens a second. We send as much as we think fits, and are refused.
      now += 10 * SECOND;
      bucket.take(new Demand(8_000, 0), now - 5 * SECOND);
      bucket.refused(now, 0, now);
    }

    assertThat(bucket.tokensPerSecond()).isCloseTo(800, within(20.0));
  }

  @Test
  void learnsTheDepthFromWhatFitsBetweenBottomAndBrim() {
    long now = 0;
    for (int i = 0; i < 12; i++) {
      // The truth: 4,000 deep. It was empty, and took 4,000 before it refused.
      now += 100 * SECOND;
      bucket.take(new Demand(4_000, 0), now);
      bucket.refused(now, 0, now);
    }

    bucket.take(new Demand(4_000, 0), now + 100 * SECOND);
    assertThat(bucket.saturation(now + 100 * SECOND)).isCloseTo(1, within(0.05));
  }

  @Test
  void keepsToAMarginThatSpillsWithoutRefusalWearOff() {
    bucket.refused(0, 0, 0);
    double after = bucket.marginLevel();
    for (int i = 0; i < 100; i++) {
      bucket.spilled();
    }

    assertThat(after).isPositive();
    assertThat(bucket.marginLevel()).isLessThan(after).isPositive();
  }

  @Test
  void countsABurstOfRefusalsAsOneMiss() {
    for (int i = 0; i < 20; i++) {
      bucket.refused(0, SECOND, SECOND);
    }
    double afterABurst = bucket.marginLevel();

    bucket.refused(2 * SECOND, SECOND, 3 * SECOND);

    assertThat(afterABurst).isBetween(0.05, 0.11);
    assertThat(bucket.marginLevel()).as("one more").isGreaterThan(afterABurst);
  }

  @Test
  void believesTheProviderThatItIsFullerThanWeThink() {
    bucket.take(new Demand(1_000, 0), 0);

    bucket.stated(1.2, sentAt(0), SECOND);

    assertThat(bucket.saturation(SECOND)).as("a tenth drained since").isCloseTo(1.1, within(1e-9));
    assertThat(bucket.isFullAsStated(SECOND)).isTrue();
    assertThat(bucket.fits(NOTHING, SECOND)).isFalse();
    assertThat(bucket.fits(NOTHING, 2 * SECOND + 1)).isTrue();
  }

  @Test
  void saysThatItIsFullAsStatedOnlyWhereThatMakesTheDifference() {
    bucket.take(new Demand(1_000, 0), 0);
    bucket.stated(0.11, sentAt(0), 0);
    bucket.take(new Demand(10_000, 0), 0);

    assertThat(bucket.fits(NOTHING, SECOND)).isFalse();
    assertThat(bucket.isFullAsStated(SECOND)).as("ours alone fill it").isFalse();
    assertThat(bucket.fits(NOTHING, SECOND + SECOND / 20)).isFalse();
    assertThat(bucket.isFullAsStated(SECOND + SECOND / 20))
        .as("by the hundredth that others have in it")
        .isTrue();
  }

  @Test
  void whatOthersPutInIsNotTakenForASlowerDrain() {
    bucket.refused(0, SECOND, 0);
    double before = bucket.tokensPerSecond();

    for (int second = 1; second <= 10; second++) { // half of what drains is ours
      bucket.take(new Demand(500, 0), second * SECOND);
      bucket.stated(1.0, sentAt(second * SECOND), second * SECOND);
    }
    bucket.refused(10 * SECOND, SECOND / 100, 10 * SECOND);

    assertThat(bucket.tokensPerSecond()).isCloseTo(before, within(before / 50));
  }

  @Test
  void addsWhatWasSentSinceToWhatWasStated() {
    bucket.take(new Demand(1_000, 0), 0);
    SentSoFar then = sentAt(0);
    bucket.take(new Demand(3_000, 0), 0);
    bucket.giveBack(new Demand(1_000, 0), new Demand(500, 0), 0);

    bucket.stated(0.5, then, 0);
    bucket.stated(0.5, then, 0);

    assertThat(bucket.saturation(0)).as("once, however often it is said").isEqualTo(0.75);
  }

  @Test
  void isNeverEmptiedByWhatIsStated() {
    bucket.take(new Demand(9_000, 0), 0);

    bucket.stated(0, sentAt(0), 0);

    assertThat(bucket.saturation(0)).isEqualTo(0.9);
    assertThat(bucket.isFullAsStated(0)).isFalse();
  }

  @Test
  void forgetsWhatWasStatedWithinAMinuteHoweverMuchItWas() {
    bucket.stated(90, sentAt(0), 0);

    assertThat(bucket.fits(NOTHING, 59 * SECOND)).isFalse();
    assertThat(bucket.fits(NOTHING, 60 * SECOND + 1)).isTrue();
  }

  @Test
  void saysOfAnEmptyOrARefusedOneThatNothingWasStated() {
    bucket.stated(1.2, sentAt(0), 0);
    bucket.refused(0, SECOND, 0);
    assertThat(bucket.isFullAsStated(0)).as("it said so by refusing").isFalse();

    bucket.stated(3, sentAt(0), 0);
    bucket.take(NOTHING, 40 * SECOND);
    assertThat(bucket.isFullAsStated(40 * SECOND)).as("it is empty").isFalse();
  }

  private SentSoFar sentAt(long nowNanos) {
    return new SentSoFar(1, 1, bucket.putIn(), nowNanos);
  }

  @Test
  void triesALittleMoreWhereNothingWasRefused() {
    for (int i = 0; i < 1_000; i++) {
      bucket.accepted(new Demand(1_000, 0), 1, 1, 0);
    }

    assertThat(bucket.tokensPerSecond()).isBetween(1_500.0, 4_000.0);
  }

  @Test
  void triesNothingFarFromTheBrim() {
    bucket.accepted(new Demand(1_000, 0), 0.5, 1, 0);

    assertThat(bucket.tokensPerSecond()).isEqualTo(1_000);
  }
}
