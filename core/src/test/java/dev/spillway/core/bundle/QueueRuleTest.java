package dev.spillway.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueRuleTest {
  @Test
  void forgivesTwentyFiveMillisecondsWhereLittleWasExpected() {
    assertThat(QueueRule.excessMicros(25_000, 0)).isZero();
    assertThat(QueueRule.excessMicros(25_001, 0)).isEqualTo(1);
  }

  @Test
  void forgivesAQuarterWhereMuchWasExpected() {
    assertThat(QueueRule.excessMicros(1_250_000, 1_000_000)).isZero();
    assertThat(QueueRule.excessMicros(1_250_001, 1_000_000)).isEqualTo(1);
  }
}
