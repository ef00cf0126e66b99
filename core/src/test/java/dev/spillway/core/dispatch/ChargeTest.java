package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a request is held against its tenant: here 1,000 tokens a minute. */
class ChargeTest {
  private static final Usage PROMPT = Scene.usage(900, 0);

  private final Tenant tenant =
      Scene.tenant("chatgpt", Priority.NORMAL, new TenantLimits(1_000_000, 1_000, 100));
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(
          Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64))),
          List.of(tenant));

  @Test
  void thePromptOfAnAnswerThatItDoesNotWaitFor() {
    Journey journey = admitted();
    dispatcher.abandoned(journey, 1, PROMPT, MILLI);
    dispatcher.left(journey, MILLI);

    assertThat(takesAnother()).isFalse();
  }

  @Test
  void oneOfTwoThatItDoesNotWaitFor() {
    Journey journey = admitted();
    assertThat(dispatcher.hedge(journey, SECOND)).isPresent();
    dispatcher.abandoned(journey, 1, Scene.usage(30, 0), SECOND);
    dispatcher.abandoned(journey, 2, Scene.usage(30, 0), SECOND);
    dispatcher.left(journey, SECOND);

    assertThat(takesAnother()).isTrue();
  }

  @Test
  void nothingForTheLoserOfARace() {
    Journey journey = admitted();
    assertThat(dispatcher.hedge(journey, SECOND)).isPresent();
    dispatcher.firstContent(journey, 2, SECOND);
    dispatcher.abandoned(journey, 1, PROMPT, SECOND);
    dispatcher.finished(journey, 2, Scene.usage(1, 1), Pauses.NONE, SECOND);
    dispatcher.left(journey, SECOND);

    assertThat(takesAnother()).isTrue();
  }

  @Test
  void nothingForOneThatWasGivenUpBeforeAnotherAnswered() {
    Journey journey = admitted();
    dispatcher.failed(journey, 1, Scene.failure(Kind.TIMED_OUT, null), PROMPT, SECOND);
    attempt(dispatcher.next(journey, SECOND));
    dispatcher.firstContent(journey, 2, SECOND);
    dispatcher.finished(journey, 2, Scene.usage(1, 1), Pauses.NONE, SECOND);
    dispatcher.left(journey, SECOND);

    assertThat(takesAnother()).isTrue();
  }

  private Journey admitted() {
    Journey journey = journey();
    assertThat(dispatcher.admit(journey, 0)).isInstanceOf(Admission.Admitted.class);
    attempt(dispatcher.next(journey, 0));
    return journey;
  }

  private boolean takesAnother() {
    return dispatcher.admit(journey(), SECOND) instanceof Admission.Admitted;
  }

  private Journey journey() {
    var shape = new RequestShape(900, 50, 0, RequestShape.Answer.STREAMED);
    return Scene.journey(tenant, shape, 0, Scene.OBJECTIVE);
  }
}
