package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.core.dispatch.RequestShape.Answer;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.policy.Ask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client may wait for the first content of an answer less long than for the rest. */
class DeadlineTest {
  private static final Deadline DEADLINE = new Deadline(SECOND, 60 * SECOND);

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));

  @Test
  void comesLaterOnceTheFirstContentIsThere() {
    Journey journey = journey(Answer.STREAMED);
    NextStep.Attempt first = attempt(dispatcher.next(journey, 0));
    assertThat(first.limits().firstContentNanos()).isEqualTo(SECOND);
    assertThat(journey.deadlineNanos()).isEqualTo(SECOND);

    dispatcher.firstContent(journey, 1, SECOND / 2);

    assertThat(journey.deadlineNanos()).isEqualTo(60 * SECOND);
  }

  @Test
  void isOverForWhatHasNotBegun() {
    assertThat(dispatcher.next(journey(Answer.STREAMED), SECOND))
        .isInstanceOf(NextStep.NoCapacity.class);
  }

  @Test
  void boundsNoSilenceInWhatHasBegun() {
    NextStep.Limits limits = attempt(dispatcher.next(journey(Answer.NO_TOKENS), 0)).limits();

    assertThat(limits.firstContentNanos()).isEqualTo(SECOND);
    assertThat(limits.stallNanos()).isEqualTo(60 * SECOND);
  }

  @Test
  void endsNoSoonerThanItBegins() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Deadline(2, 1))
        .withMessageContaining("not before");
  }

  private Journey journey(Answer answer) {
    Journey journey =
        new Journey(
            new Ask(tenant.id(), tenant.classes().getFirst(), Scene.MODEL, List.of()),
            tenant,
            Scene.OBJECTIVE,
            new RequestShape(100, 200, 0, answer),
            0,
            Scene.EPOCH_SECOND,
            DEADLINE,
            null);
    dispatcher.admit(journey, 0);
    return journey;
  }
}
