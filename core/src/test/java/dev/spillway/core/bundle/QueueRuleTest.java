package dev.spillway.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueRuleTest {
  @Test
  void forgivesTwentyFiveMillisecondsWhereLittleWasExpected() {
    assertThat(QueueRule.refuses(25_000, 0)).isFalse();
    assertThat(QueueRule.refuses(25_001, 0)).isTrue();
  }

  @Test
  void forgivesAQuarterWhereMuchWasExpected() {
    assertThat(QueueRule.refuses(1_250_000, 1_000_000)).isFalse();
    assertThat(QueueRule.refuses(1_250_001, 1_000_000)).isTrue();
  }
}
