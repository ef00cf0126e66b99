package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Rule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Deployments that refuse our credential for some of what is asked, and take it for the rest. */
class RefusedOperationsTest {
  private static final Usage NOTHING = Scene.usage(0, 0);
  private static final OperationName EMBEDDINGS = new OperationName("embeddings");
  private static final OperationName MODERATIONS = new OperationName("moderations");

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(
          Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64))));

  /** Else whoever asks for what our key may not use there takes the model's chat from everybody. */
  @Test
  void takesADeploymentOutOfRotationOnlyForWhatItRefuses() {
    refuse(dispatcher, EMBEDDINGS, 0);
    refuse(dispatcher, MODERATIONS, 0);

    NextStep embeddings = start(dispatcher, EMBEDDINGS, SECOND);
    assertThat(attempt(embeddings).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(embeddings, HOME)).isEqualTo(Rule.MISCONFIGURED);
    assertThat(attempt(start(dispatcher, OperationName.CHAT, SECOND)).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, SECOND).refusedOperations())
        .containsExactly(EMBEDDINGS, MODERATIONS);
  }

  @Test
  void bringsBackWhatIsAnsweredAndNothingElse() {
    refuse(dispatcher, EMBEDDINGS, 0);
    answer(dispatcher, OperationName.CHAT, SECOND);
    assertThat(dispatcher.status(HOME, SECOND).refusedOperations()).containsExactly(EMBEDDINGS);

    answer(dispatcher, EMBEDDINGS, 60 * SECOND);

    assertThat(dispatcher.status(HOME, 60 * SECOND).misconfigured()).isFalse();
  }

  @Test
  void triesEachOnceAMinute() {
    refuse(dispatcher, EMBEDDINGS, 0);
    refuse(dispatcher, MODERATIONS, 30 * SECOND);

    refuse(dispatcher, EMBEDDINGS, 60 * SECOND);
    NextStep early = start(dispatcher, MODERATIONS, 60 * SECOND);
    NextStep inTime = start(dispatcher, MODERATIONS, 90 * SECOND);

    assertThat(attempt(early).deployment()).isEqualTo(PARTNER);
    assertThat(attempt(inTime).deployment()).isEqualTo(HOME);
  }

  @Test
  void saysWhenWhatIsAskedIsTriedNextAndNotWhenSomethingElseIs() {
    LiveDispatcher alone = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));
    refuse(alone, EMBEDDINGS, 0);
    refuse(alone, MODERATIONS, 10 * SECOND);

    NextStep.NoCapacity none = (NextStep.NoCapacity) start(alone, EMBEDDINGS, 20 * SECOND);

    assertThat(none.retryAfter()).isEqualTo(Duration.ofSeconds(40));
  }

  private void refuse(LiveDispatcher at, OperationName operation, long now) {
    Journey journey = atHome(at, operation, now);
    at.failed(journey, 1, Scene.failure(Kind.MISCONFIGURED, null), NOTHING, now);
    at.left(journey, now);
  }

  private void answer(LiveDispatcher at, OperationName operation, long now) {
    at.firstContent(atHome(at, operation, now), 1, now);
  }

  private Journey atHome(LiveDispatcher at, OperationName operation, long now) {
    Journey journey = journey(at, operation, now);
    assertThat(attempt(at.next(journey, now)).deployment()).isEqualTo(HOME);
    return journey;
  }

  private NextStep start(LiveDispatcher at, OperationName operation, long now) {
    return at.next(journey(at, operation, now), now);
  }

  private Journey journey(LiveDispatcher at, OperationName operation, long now) {
    var shape =
        new RequestShape(
            100, 200, 0, RequestShape.Answer.STREAMED, ReasoningEffort.UNSAID, operation);
    Journey journey = Scene.journey(tenant, shape, now, Scene.OBJECTIVE);
    at.admit(journey, now);
    return journey;
  }
}
