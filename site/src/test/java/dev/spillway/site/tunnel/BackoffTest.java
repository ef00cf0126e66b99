package dev.spillway.site.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  /** The longest wait there can be. */
  private final Backoff backoff = new Backoff(new AlwaysTheMost());

  @Test
  void waitsAFifthOfASecondAtFirst() {
    assertThat(ended(100, 0)).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void waitsAQuarterOfTheTroubleAndNeverMoreThanHalfAMinute() {
    ended(100, 0);

    assertThat(ended(0, 8)).isEqualTo(Duration.ofSeconds(2));
    assertThat(ended(0, 3_600)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void takesALinkThatHeldForTheEndOfTheTrouble() {
    ended(100, 0);
    ended(0, 40);

    assertThat(ended(6, 50)).isEqualTo(Duration.ofMillis(200));
  }

  /** One that is still up: it is another that ends ten days later. */
  @Test
  void takesALinkThatHoldsForTheEndOfTheTroubleToo() {
    ended(100, 0);
    ended(0, 40);
    backoff.held();

    assertThat(ended(0, 864_000)).isEqualTo(Duration.ofMillis(200));
    assertThat(ended(0, 864_040)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void takesALinkThatDidNotHoldForMoreOfTheSame() {
    ended(100, 0);
    ended(0, 40);

    assertThat(ended(4, 48)).isEqualTo(Duration.ofSeconds(12));
  }

  private Duration ended(long heldSeconds, long atSeconds) {
    return Duration.ofNanos(
        backoff.ended(
            Duration.ofSeconds(heldSeconds).toNanos(), Duration.ofSeconds(atSeconds).toNanos()));
  }

  private static final class AlwaysTheMost implements RandomGenerator {
    @Override
    public long nextLong() {
      return Long.MAX_VALUE;
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }
}
