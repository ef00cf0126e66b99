package dev.spillway.site.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.wire.link.SiteMessage.Pace;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialsTest {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Trials trials = new Trials();
  private int asked;
  private int tokens;
  private int longest;
  private long elapsedNanos;

  @ParameterizedTest
  @CsvSource({"20, 12000, 20", "150, 12000, 20", "1, 400, 90", "30, 60000, 8", "400, 90, 250"})
  void findsHowFastAnEngineIsWhateverARequestCostsBeside(
      long baseMillis, double prefill, long decodeMillis) {
    drive(engine(baseMillis, prefill, decodeMillis));

    Pace pace = trials.pace().orElseThrow();
    assertThat((double) pace.prefillTokensPerSecond()).isCloseTo(prefill, within(prefill / 50));
    assertThat(pace.decodeMicros()).isEqualTo(decodeMillis * 1_000);
    assertThat(pace.baseMicros()).isCloseTo(baseMillis * 1_000, within(1_000L));
  }

  @Test
  void isNotMisledByAnAnswerThatSomethingDelayed() {
    Engine steady = engine(20, 12_000, 20);

    drive(trial -> {
      Trial.Seen seen = steady.answer(trial);
      long delay = asked % 3 == 0 ? 300 * NANOS_PER_MILLI : 0;
      return new Trial.Seen(
          seen.promptTokens(),
          seen.firstNanos() + delay,
          seen.laterTokens(),
          seen.laterNanos() + delay);
    });

    Pace pace = trials.pace().orElseThrow();
    assertThat(pace.prefillTokensPerSecond()).isCloseTo(12_000, within(240L));
    assertThat(pace.decodeMicros()).isEqualTo(20_000);
  }

  @Test
  void asksASlowEngineForLittleAndOnceOnly() {
    drive(engine(500, 100, 300));

    assertThat(asked).isEqualTo(2);
    assertThat(longest).isEqualTo(256);
    assertThat(trials.pace().orElseThrow().prefillTokensPerSecond()).isCloseTo(100, within(2L));
  }

  @Test
  void asksAFastEngineForLongerPromptsButNeverForMoreThanItMay() {
    drive(engine(5, 5_000_000, 1));

    assertThat(longest).isEqualTo(4_096);
    assertThat(tokens).isLessThanOrEqualTo(Trials.MOST_TOKENS);
    assertThat(trials.pace().orElseThrow().prefillTokensPerSecond())
        .as("of what cannot be told")
        .isZero();
  }

  @Test
  void makesDoWithTheLongestPromptThatTheEngineTakes() {
    Engine engine = engine(20, 12_000, 20);
    Optional<Trial> next = trials.next(0);
    while (next.isPresent()) {
      if (next.get().promptTokens() > 500) {
        trials.refused(next.get());
      } else {
        trials.answered(next.get(), engine.answer(next.get()));
      }
      next = trials.next(0);
    }

    assertThat(trials.pace().orElseThrow().prefillTokensPerSecond())
        .isCloseTo(12_000, within(240L));
  }

  @Test
  void tellsNoPaceOfAnswersThatCameAllAtOnce() {
    Engine engine = engine(20, 12_000, 0);

    drive(engine);

    assertThat(trials.pace().orElseThrow().decodeMicros()).isZero();
  }

  @Test
  void tellsNothingBeforeAnythingWasAnswered() {
    assertThat(trials.pace()).isEmpty();
    assertThat(trials.hasAnswers()).isFalse();
  }

  private interface Engine {
    Trial.Seen answer(Trial trial);
  }

  private static Engine engine(long baseMillis, double prefill, long decodeMillis) {
    return trial -> {
      long reading = (long) (trial.promptTokens() / prefill * NANOS_PER_SECOND);
      long later = trial.outputTokens() - 1L;
      return new Trial.Seen(
          trial.promptTokens(),
          baseMillis * NANOS_PER_MILLI + reading,
          later,
          later * decodeMillis * NANOS_PER_MILLI);
    };
  }

  private void drive(Engine engine) {
    Optional<Trial> next = trials.next(0);
    while (next.isPresent()) {
      asked++;
      tokens += next.get().tokens();
      longest = Math.max(longest, next.get().promptTokens());
      Trial.Seen seen = engine.answer(next.get());
      elapsedNanos += seen.firstNanos() + seen.laterNanos();
      trials.answered(next.get(), seen);
      next = trials.next(elapsedNanos);
    }
  }
}
