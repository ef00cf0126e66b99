package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.routing.RouterTuning;
import org.junit.jupiter.api.Test;

/** An answer takes as long as its client reads; that is not what its deployment is judged by. */
class SlowClientTest {
  private static final double INITIAL_MARGIN = RouterTuning.DEFAULT.initialMargin();
  private static final Pauses OF_TEN_SECONDS = new Pauses(11 * MILLI, 9 * SECOND);

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(
          Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64))));
  private long now;

  @Test
  void breaksNoPromiseOfTheDeploymentsThatItReadsFrom() {
    answer(OF_TEN_SECONDS);

    assertThat(dispatcher.status(HOME, now).margin()).isLessThan(INITIAL_MARGIN);
  }

  @Test
  void excusesNoDeploymentThatIsSlowItself() {
    answer(new Pauses(11 * MILLI, SECOND));

    assertThat(dispatcher.status(HOME, now).margin()).isGreaterThan(INITIAL_MARGIN);
  }

  @Test
  void teachesNoPace() {
    double before = tpotMillis();
    for (int i = 0; i < 50; i++) {
      answer(OF_TEN_SECONDS);
    }

    assertThat(tpotMillis()).isEqualTo(before);
  }

  /** 100 tokens in ten seconds. */
  private void answer(Pauses pauses) {
    now += 100 * SECOND;
    Journey journey = journey();
    assertThat(attempt(dispatcher.next(journey, now)).deployment()).isEqualTo(HOME);
    dispatcher.firstContent(journey, 1, now + 50 * MILLI);
    now += 50 * MILLI + 10 * SECOND;
    dispatcher.finished(journey, 1, Scene.usage(100, 100), pauses, now);
    dispatcher.left(journey, now);
  }

  private double tpotMillis() {
    Journey journey = journey();
    Decision decision = dispatcher.next(journey, now).decision();
    dispatcher.abandoned(journey, 1, Scene.usage(0, 0), now);
    dispatcher.left(journey, now);
    return ((Decision.Considered) decision.verdicts().get(HOME)).prediction().tpotMillis();
  }

  private Journey journey() {
    Journey journey = Scene.journey(tenant, 100, now);
    dispatcher.admit(journey, now);
    return journey;
  }
}
