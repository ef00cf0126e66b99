package dev.spillway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.quota.Quota;
import dev.spillway.core.quota.Quota.Refill;
import dev.spillway.core.quota.StatedCapacity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of the headers that every answer of OpenAI brings. */
class QuotaHeadersTest {
  private static final String[] NAMES = {"remaining", "limit", "reset"};
  private static final String[] PIECES = {
    "0",
    "1",
    "9",
    "999999999999999",
    "-",
    ".",
    "s",
    "ms",
    "m",
    "h",
    "d",
    " ",
    "e9",
    "\u0660",
    "",
    "x"
  };

  private final OpenAiDialect openAi = new OpenAiDialect();

  @Test
  void readsBothLimits() {
    StatedCapacity stated =
        openAi.statedCapacity(
            Map.of(
                    "x-ratelimit-limit-requests", "60",
                    "x-ratelimit-limit-tokens", "150000",
                    "x-ratelimit-remaining-requests", "59",
                    "x-ratelimit-remaining-tokens", "149984",
                    "x-ratelimit-reset-requests", "1s",
                    "x-ratelimit-reset-tokens", "6m0s")
                ::get);

    assertThat(stated)
        .isEqualTo(
            new StatedCapacity(
                new Quota(59, 60, 1_000_000_000L, Refill.EVENLY),
                new Quota(149_984, 150_000, 360_000_000_000L, Refill.EVENLY),
                null));
  }

  @ParameterizedTest
  @CsvSource({
    "1s, PT1S",
    "12ms, PT0.012S",
    "6m0s, PT6M",
    "2m59.56s, PT2M59.56S",
    "1h2m3s, PT1H2M3S",
    "1d, PT24H",
    "17, PT17S",
    "0.5, PT0.5S",
  })
  void readsAReset(String text, Duration reset) {
    Quota tokens = tokens("3", "10", text);

    assertThat(tokens).isNotNull();
    assertThat((double) tokens.resetNanos()).isCloseTo((double) reset.toNanos(), within(1_000.0));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 10, 0s",
    "3, 10, ''",
    "3, 10, soon",
    "3, 10, -1s",
    "3, 10, 1s2",
    "3, 10, s",
    "3, 10, .5s",
    "3, 10, 1e9",
    "3, 10, 25h",
    "3, 10, 99999999999999999999999999999999999999s",
    "-1, 10, 1s",
    "-1, -1, 1s",
    "11, 10, 1s",
    "0, 0, 1s",
    "3, , 1s",
    "3.5, 10, 1s",
    "'', 10, 1s",
    "9999999999999999, 9999999999999999, 1s",
  })
  void believesNothingThatDoesNotAgree(String remaining, @Nullable String limit, String reset) {
    assertThat(tokens(remaining, limit == null ? "" : limit, reset)).isNull();
  }

  @Test
  void believesWithoutAResetForASecondAndWithoutALimitThatSomethingRemains() {
    assertThat(tokens("3", null, null)).isEqualTo(new Quota(3, 0, 1_000_000_000L, Refill.EVENLY));
    assertThat(tokens("0", null, "10s")).as("what a provider says that does not know").isNull();
    assertThat(tokens("0", "10", null)).isEqualTo(new Quota(0, 10, 1_000_000_000L, Refill.EVENLY));
  }

  @Test
  void saysNothingWhereNothingIsSaid() {
    assertThat(openAi.statedCapacity(_ -> null)).isNull();
  }

  @Test
  void throwsAtNothing() {
    for (long seed = 0; seed < 20_000; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      String[] values = new String[NAMES.length];
      for (int i = 0; i < values.length; i++) {
        StringBuilder value = new StringBuilder();
        for (int pieces = random.nextInt(5); pieces > 0; pieces--) {
          value.append(PIECES[random.nextInt(PIECES.length)]);
        }
        values[i] = value.toString();
      }

      Quota read = tokens(values[0], values[1], values[2]); // its constructor checks it

      assertThat(read == null || read.resetNanos() <= Duration.ofDays(1).toNanos())
          .as("seed %d", seed)
          .isTrue();
    }
  }

  private @Nullable Quota tokens(
      @Nullable String remaining, @Nullable String limit, @Nullable String reset) {
    Map<String, @Nullable String> headers = new HashMap<>();
    headers.put("x-ratelimit-remaining-tokens", remaining);
    headers.put("x-ratelimit-limit-tokens", limit);
    headers.put("x-ratelimit-reset-tokens", reset);
    StatedCapacity stated = openAi.statedCapacity(headers::get);
    return stated == null ? null : stated.tokens();
  }
}
