package dev.spillway.gateway.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopClockTest {
  private final AtomicLong time = new AtomicLong(5);
  private final LoopClock clock = new LoopClock(time::get);

  @Test
  void standsStillWhileAReadIsDealtWith() {
    clock.hold();
    time.set(7);
    assertThat(clock.getAsLong()).isEqualTo(5);

    clock.goOn();
    assertThat(clock.getAsLong()).isEqualTo(7);
  }

  @Test
  void eachReadHasItsOwnTime() {
    clock.hold();
    clock.goOn();
    time.set(9);
    clock.hold();

    assertThat(clock.getAsLong()).isEqualTo(9);
  }
}
