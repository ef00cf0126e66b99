package dev.spillway.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.model.Capacity;
import dev.spillway.simulator.engine.ProvisionedBucket.Arrival;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProvisionedBucketTest {
  private static final long SECOND = 1_000_000_000L;

  /** Drains 100 weighted tokens a second; a level of 1 is 1,000. */
  private final ProvisionedBucket bucket =
      new ProvisionedBucket(new Capacity.Provisioned(2, 3_000, 4), Duration.ofSeconds(10));

  @Test
  void letsInWhateverComesAsLongAsTheLevelIsAtMostOne() {
    Arrival first = bucket.arrive(1_000, 0, 0);
    Arrival second = bucket.arrive(500, 0, 0);
    Arrival third = bucket.arrive(1, 0, 0);

    assertThat(first).isEqualTo(new Arrival.Admitted(1_000));
    assertThat(second).as("level 1 is not above 1").isEqualTo(new Arrival.Admitted(500));
    assertThat(third).isEqualTo(new Arrival.Refused(Duration.ofSeconds(5)));
  }

  @Test
  void aRequestIsLetInAgainOnceTheTimeAskedForIsOver() {
    bucket.arrive(1_500, 0, 0);
    var refused = (Arrival.Refused) bucket.arrive(1, 0, SECOND);

    assertThat(bucket.arrive(1, 0, SECOND + refused.retryAfter().toNanos()))
        .isInstanceOf(Arrival.Admitted.class);
  }

  @Test
  void outputWeighsMoreAndIsCorrectedAtTheEnd() {
    var admitted = (Arrival.Admitted) bucket.arrive(100, 200, 0);
    assertThat(bucket.level(0)).isCloseTo(0.9, within(1e-9));

    bucket.complete(admitted, 100, 25, SECOND);

    assertThat(bucket.level(SECOND)).as("900 - 100 drained - 700").isCloseTo(0.1, within(1e-9));
  }

  @Test
  void drainsToEmptyAndNoFurther() {
    bucket.arrive(900, 0, 0);

    assertThat(bucket.level(4 * SECOND)).isCloseTo(0.5, within(1e-9));
    assertThat(bucket.level(60 * SECOND)).isZero();
  }
}
