package dev.spillway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.LimitTuning;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptsConfigTest {
  @Test
  void areCoresOwnDefaultsWhereNothingIsSaid() throws Exception {
    assertThat(Configs.assemble(Configs.story()).tuning()).isEqualTo(Tuning.DEFAULT);
    assertThat(Configs.assemble(story("{}")).tuning()).isEqualTo(Tuning.DEFAULT);
  }

  @Test
  void takeEverythingThatIsSaid() throws Exception {
    Tuning tuning =
        Configs.assemble(
                story(
                    "{most: 2, first-token-within: 12s, next-token-within: 9s, hedges: 1%,"
                        + " hedge-after: 1s, retries: 50%, backoff: 250ms}"))
            .tuning();

    var deployment = tuning.deployment();
    assertThat(deployment.retry().mostAttempts()).isEqualTo(2);
    assertThat(deployment.retry().firstBackoff()).isEqualTo(Duration.ofMillis(250));
    assertThat(deployment.retry().retriesPerRequest()).isEqualTo(0.5);
    assertThat(deployment.limits().firstContentCeiling()).isEqualTo(Duration.ofSeconds(12));
    assertThat(deployment.limits().stallCeiling()).isEqualTo(Duration.ofSeconds(9));
    assertThat(deployment.hedge())
        .isEqualTo(
            new HedgeTuning(0.01, HedgeTuning.DEFAULT.hedgesInReserve(), Duration.ofSeconds(1)));
  }

  @Test
  void haveNoFloorAboveTheirCeiling() throws Exception {
    LimitTuning limits =
        Configs.assemble(story("{first-token-within: 2s, next-token-within: 1s}"))
            .tuning()
            .deployment()
            .limits();

    assertThat(limits.firstContentFloor()).isEqualTo(Duration.ofSeconds(2));
    assertThat(limits.stallFloor()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void keepNoHedgeInReserveWhereThereAreToBeNone() throws Exception {
    assertThat(Configs.assemble(story("{hedges: 0%}")).tuning().deployment().hedge())
        .extracting(HedgeTuning::hedgesPerRequest, HedgeTuning::hedgesInReserve)
        .containsExactly(0.0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "most, 0",
    "most, 17",
    "first-token-within, 0s",
    "first-token-within, 2h",
    "next-token-within, 0s",
    "next-token-within, 2h",
    "hedges, 101%",
    "hedge-after, 0s",
    "hedge-after, 2h",
    "retries, 101%",
    "backoff, 0s",
    "backoff, 2m"
  })
  void refuseWhatIsOutOfBoundsWithItsLine(String key, String value) throws IOException {
    String text = story("\n  " + key + ": " + value);
    long line = text.lines().takeWhile(each -> !each.startsWith("  " + key)).count() + 1;

    assertThat(Configs.problems(text))
        .singleElement()
        .asString()
        .startsWith("spillway.yaml:%d: attempts.%s: ".formatted(line, key))
        .contains("'" + value + "' (expected: ");
  }

  private static String story(String attempts) throws IOException {
    return Configs.story() + "\nattempts: " + attempts + "\n";
  }
}
