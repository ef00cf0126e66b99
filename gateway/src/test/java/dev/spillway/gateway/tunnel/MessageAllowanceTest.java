package dev.spillway.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MessageAllowanceTest {
  private long now = Long.MAX_VALUE - 1;
  private final MessageAllowance allowance = new MessageAllowance(now);

  @Test
  void takesSoManyAtOnceAndThenFourASecond() {
    assertThat(taken(100)).isEqualTo(MessageAllowance.AT_ONCE);

    now += Duration.ofSeconds(1).toNanos();

    assertThat(taken(100)).isEqualTo(4);
  }

  @Test
  void takesOneAndSomeASecondForEver() {
    for (int second = 0; second < 10_000; second++) {
      assertThat(taken(3)).isEqualTo(3);
      now += Duration.ofSeconds(1).toNanos();
    }
  }

  @Test
  void savesNoMoreThanItBeganWith() {
    now += Duration.ofDays(1).toNanos();

    assertThat(taken(100)).isEqualTo(MessageAllowance.AT_ONCE);
  }

  private int taken(int sent) {
    int taken = 0;
    for (int i = 0; i < sent; i++) {
      taken += allowance.takes(now) ? 1 : 0;
    }
    return taken;
  }
}
