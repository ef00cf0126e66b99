package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.dispatch.RequestShape.Answer;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Usage;
import org.junit.jupiter.api.Test;

/** From which answers it is learnt how fast a deployment reads, and how long answers are. */
class ReadingRateTest {
  private static final int ANSWERS = 50;

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));

  @Test
  void isLearntFromWhatIsReadAndNotWritten() {
    answer(Answer.NO_OUTPUT, 50_000, Scene.usage(50_000, 0));

    assertThat(rate()).isGreaterThan(1.5 * Scene.SPEED.prefillTokensPerSecond());
  }

  /** The answer is here at once, however long the prompt is of which it speaks. */
  @Test
  void isNotLearntFromWhatNoModelReads() {
    double before = rate();

    answer(Answer.NO_TOKENS, 0, Scene.usage(0, 0));

    assertThat(rate()).isEqualTo(before);
  }

  @Test
  void isNotLearntFromWhatIsOnlyBegun() {
    double before = rate();
    long expected = journey(Answer.WHOLE, 100, 0).expected().outputTokens();

    answer(Answer.LATER, 50_000, Scene.usage(50_000, 0));

    assertThat(rate()).isEqualTo(before);
    assertThat(journey(Answer.WHOLE, 100, 0).expected().outputTokens())
        .as("output that is expected of answers")
        .isEqualTo(expected);
  }

  @Test
  void expectsNothingOfWhatTakesNoTokens() {
    assertThat(journey(Answer.NO_TOKENS, 0, 0).expected().tokens()).isZero();
    assertThat(journey(Answer.LATER, 100, 0).expected())
        .isEqualTo(journey(Answer.WHOLE, 100, 0).expected());
  }

  /** So many in a row, each after ten milliseconds. */
  private void answer(Answer answer, long inputTokens, Usage usage) {
    for (int i = 0; i < ANSWERS; i++) {
      long now = i * SECOND;
      Journey journey = journey(answer, inputTokens, now);
      attempt(dispatcher.next(journey, now));
      dispatcher.finished(journey, 1, usage, Pauses.NONE, now + 10 * MILLI);
      dispatcher.left(journey, now + 10 * MILLI);
    }
  }

  private double rate() {
    return dispatcher.status(HOME, ANSWERS * SECOND).prefillTokensPerSecond();
  }

  private Journey journey(Answer answer, long inputTokens, long now) {
    var shape = new RequestShape(inputTokens, 500, 0, answer);
    Journey journey = Scene.journey(tenant, shape, now, Scene.OBJECTIVE);
    dispatcher.admit(journey, now);
    return journey;
  }
}
