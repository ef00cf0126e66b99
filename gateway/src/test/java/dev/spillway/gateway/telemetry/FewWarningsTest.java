package dev.spillway.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FewWarningsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final FewWarnings warnings = new FewWarnings(now::get, "links");

  @Test
  void tellsOfTenAMinuteAndThenHowManyMoreThereWere() {
    for (int i = 0; i < 10; i++) {
      assertThat(warnings.isToBeTold()).isTrue();
    }
    for (int i = 0; i < 990; i++) {
      assertThat(warnings.isToBeTold()).isFalse();
    }
    assertThat(warnings.untoldBefore()).as("the minute is not over").isZero();

    now.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(warnings.untoldBefore()).isEqualTo(990);
    assertThat(warnings.untoldBefore()).as("told once").isZero();
    assertThat(warnings.isToBeTold()).isTrue();
  }

  @Test
  void writesTheBeginningOfWhatOthersSayInCharactersThatCanBePrinted() {
    assertThat(FewWarnings.printable("expired at 12\n2026 WARNING: all is lost\u001b[2J\u00e9"))
        .isEqualTo("expired at 12?2026 WARNING: all is lost?[2J?");
    assertThat(FewWarnings.printable("a".repeat(1 << 20))).isEqualTo("a".repeat(300) + "...");
  }
}
