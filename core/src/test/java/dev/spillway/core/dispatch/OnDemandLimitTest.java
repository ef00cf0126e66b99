package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.retry.AttemptFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The limit of a provider that tells nothing, whatever answers it gives. */
class OnDemandLimitTest {
  private static final RequestShape WHOLE =
      new RequestShape(100, 200, 0, RequestShape.Answer.WHOLE);
  private static final RequestShape THINKS =
      new RequestShape(100, 200, 0, RequestShape.Answer.STREAMED, ReasoningEffort.HIGH);

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(Scene.topology(Scene.home(new Capacity.OnDemand(100))));
  private long now;

  @Test
  void growsByAnswersThatComeAllAtOnceAndRecoversFromRefusals() {
    finish(WHOLE, 500);
    int grown = limit(WHOLE);
    refuse(10);
    int refused = limit(WHOLE);

    finish(WHOLE, 500);

    assertThat(grown).isGreaterThan(20);
    assertThat(refused).isLessThan(5);
    assertThat(limit(WHOLE)).isGreaterThan(15);
  }

  @Test
  void growsByAnswersThatAreThoughtAbout() {
    finish(THINKS, 500);

    assertThat(limit(THINKS)).isGreaterThan(20);
  }

  /** Always as many at once as it takes. */
  private void finish(RequestShape shape, int answers) {
    int finished = 0;
    while (finished < answers) {
      List<Journey> round = fill(shape);
      now += SECOND;
      for (Journey each : round) {
        if (shape.answer() == RequestShape.Answer.STREAMED) {
          dispatcher.firstContent(each, 1, now);
        }
        dispatcher.finished(each, 1, Scene.usage(100, 20), Pauses.NONE, now);
        dispatcher.left(each, now);
      }
      finished += round.size();
    }
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      now += 2 * SECOND;
      Journey journey = journey(WHOLE);
      attempt(dispatcher.next(journey, now));
      dispatcher.failed(
          journey,
          1,
          Scene.failure(Kind.RATE_LIMITED, Duration.ofMillis(1)),
          Scene.usage(0, 0),
          now);
      dispatcher.left(journey, now);
    }
    now += SECOND;
  }

  private int limit(RequestShape shape) {
    List<Journey> all = fill(shape);
    for (Journey each : all) {
      dispatcher.abandoned(each, 1, Scene.usage(0, 0), now);
      dispatcher.left(each, now);
    }
    return all.size();
  }

  private List<Journey> fill(RequestShape shape) {
    List<Journey> all = new ArrayList<>();
    Journey journey = journey(shape);
    while (dispatcher.next(journey, now) instanceof NextStep.Attempt made) {
      assertThat(made.deployment()).isEqualTo(HOME);
      all.add(journey);
      now += MILLI;
      journey = journey(shape);
    }
    dispatcher.left(journey, now);
    return all;
  }

  private Journey journey(RequestShape shape) {
    Journey journey = Scene.journey(tenant, shape, now, Scene.OBJECTIVE);
    dispatcher.admit(journey, now);
    return journey;
  }
}
