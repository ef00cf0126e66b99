package dev.spillway.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnedAwayTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final TurnedAway turnedAway = new TurnedAway(now::get);

  @Test
  void tellsOfTenAMinuteAndThenHowManyMoreThereWere() {
    for (int i = 0; i < 10; i++) {
      assertThat(turnedAway.isToBeTold()).isTrue();
    }
    for (int i = 0; i < 990; i++) {
      assertThat(turnedAway.isToBeTold()).isFalse();
    }
    assertThat(turnedAway.untoldBefore()).as("the minute is not over").isZero();

    now.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(turnedAway.untoldBefore()).isEqualTo(990);
    assertThat(turnedAway.untoldBefore()).as("told once").isZero();
    assertThat(turnedAway.isToBeTold()).isTrue();
  }
}
