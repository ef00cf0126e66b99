package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.retry.AttemptFailure.Kind;
import org.junit.jupiter.api.Test;

/** Each attempt counts once in the share of failures that makes a deployment ill. */
class ShareOfFailuresTest {
  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher alone =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));
  private long now;

  @Test
  void findsOneIllWhoseAnswersAllBreakOff() {
    for (int i = 0; i < 20 && isWell(); i++) {
      breaksOff();
    }

    assertThat(isWell()).isFalse();
  }

  @Test
  void findsOneIllOfWhichThreeInFiveFailAndTheOthersAnswer() {
    for (int i = 0; i < 1_000 && isWell(); i++) {
      if (i % 5 == 0 || i % 5 == 2) {
        answers();
      } else {
        fails();
      }
    }

    assertThat(isWell()).isFalse();
  }

  @Test
  void leavesOneAloneOfWhichOneInThreeBreaksOff() {
    for (int i = 0; i < 1_000; i++) {
      answers();
      answers();
      breaksOff();
    }

    assertThat(isWell()).isTrue();
  }

  private void answers() {
    Journey journey = begins();
    alone.finished(journey, 1, Scene.usage(100, 20), Pauses.NONE, now);
    alone.left(journey, now);
  }

  private void breaksOff() {
    Journey journey = begins();
    alone.failed(journey, 1, Scene.failure(Kind.STREAM_BROKEN, null), Scene.usage(100, 20), now);
    alone.left(journey, now);
  }

  private void fails() {
    Journey journey = sent();
    alone.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), Scene.usage(0, 0), now);
    alone.left(journey, now);
  }

  private Journey begins() {
    Journey journey = sent();
    alone.firstContent(journey, 1, now);
    return journey;
  }

  private Journey sent() {
    now += SECOND;
    Journey journey = Scene.journey(tenant, 100, now);
    alone.admit(journey, now);
    attempt(alone.next(journey, now));
    now += 100 * MILLI;
    return journey;
  }

  private boolean isWell() {
    return alone.status(HOME, now).breaker() == BreakerState.CLOSED;
  }
}
