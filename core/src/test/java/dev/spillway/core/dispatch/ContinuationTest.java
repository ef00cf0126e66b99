package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static dev.spillway.core.dispatch.Scene.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Period;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rest of an answer that broke off after the client had seen some of it. */
class ContinuationTest {
  private static final Usage NOTHING = Scene.usage(0, 0);
  private static final Demand REST = new Demand(150, 150);

  private final Tenant tenant = Scene.chatgpt();
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 8)), Scene.partner(Scene.engines(4, 64)));
  private final LiveDispatcher dispatcher = Scene.dispatcher(topology);

  @Test
  void goesOnElsewhereWithWhatRemains() {
    Journey journey = brokenOff(dispatcher);

    dispatcher.resumeFrom(journey, new Remainder(set(HOME, PARTNER), REST));
    NextStep.Attempt rest = attempt(dispatcher.next(journey, SECOND));

    assertThat(rest.number()).isEqualTo(2);
    assertThat(rest.deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(rest, HOME)).isEqualTo(Rule.TRIED);
    assertThat(dispatcher.status(PARTNER, SECOND).queuedInputTokens()).isEqualTo(150);
  }

  @Test
  void rulesOutWhatCannotResumeAndSaysSo() {
    Journey journey = brokenOff(dispatcher);

    dispatcher.resumeFrom(journey, new Remainder(set(HOME), REST));
    NextStep.Wait backoff = (NextStep.Wait) dispatcher.next(journey, SECOND);

    assertThat(ruleFor(backoff, PARTNER)).isEqualTo(Rule.CANNOT_RESUME);
    assertThat(Rule.CANNOT_RESUME.says()).contains("broke off");
    NextStep.Attempt again = attempt(dispatcher.next(journey, backoff.untilNanos()));
    assertThat(again.deployment()).as("the only one that can").isEqualTo(HOME);
  }

  @Test
  void goesNotBackToWhereItBecameTooLong() {
    Journey journey = journey(dispatcher, 0);
    attempt(dispatcher.next(journey, 0));
    dispatcher.firstContent(journey, 1, 30 * MILLI);
    dispatcher.failed(
        journey, 1, Scene.failure(Kind.CONTEXT_TOO_LONG, null), Scene.usage(100, 50), 500 * MILLI);

    dispatcher.resumeFrom(journey, new Remainder(set(HOME), REST));

    assertThat(dispatcher.next(journey, SECOND)).isInstanceOf(NextStep.GiveUp.class);
  }

  @Test
  void givesUpWithTheOriginalFailureWhereNobodyCan() {
    Journey journey = brokenOff(dispatcher);

    dispatcher.resumeFrom(journey, new Remainder(set(), REST));
    NextStep.GiveUp over = (NextStep.GiveUp) dispatcher.next(journey, SECOND);

    assertThat(over.failure().kind()).isEqualTo(Kind.STREAM_BROKEN);
  }

  @Test
  void asksTheContractAgainWithWhatTheRestCosts() {
    Clause cap =
        new Clause.Cap(
            Scene.heading("oracle-cap"),
            Scene.PARTNER_SITE.provider(),
            new NanoUsd(1_000_000),
            null,
            Period.MONTH);
    LiveDispatcher capped = Scene.dispatcher(topology, cap);
    Journey journey = brokenOff(capped);

    capped.resumeFrom(journey, new Remainder(set(HOME, PARTNER), REST));
    NextStep step = capped.next(journey, SECOND);

    assertThat(step.decision().verdicts().get(PARTNER)).isInstanceOf(Decision.Excluded.class);
  }

  @Test
  void mayBeContinuedOnceByARequestThatUsedAllItsAttempts() {
    int most = Tuning.DEFAULT.deployment().retry().mostAttempts();
    LiveDispatcher many = Scene.dispatcher(sameAgain(most + 3));
    Journey journey = journey(many, 0);
    for (int i = 1; i < most; i++) {
      attempt(many.next(journey, 0));
      many.failed(journey, i, Scene.failure(Kind.BAD_ANSWER, null), NOTHING, 0);
    }
    breakOff(many, journey, most);

    many.resumeFrom(journey, new Remainder(set(0, 1, 2, 3, 4, 5, 6), REST));
    assertThat(attempt(many.next(journey, SECOND)).number()).isEqualTo(most + 1);
    many.failed(journey, most + 1, Scene.failure(Kind.STREAM_BROKEN, null), NOTHING, SECOND);
    many.resumeFrom(journey, new Remainder(set(0, 1, 2, 3, 4, 5, 6), REST));

    assertThat(many.next(journey, SECOND)).isInstanceOf(NextStep.GiveUp.class);
  }

  @Test
  void judgesTheTimeToFirstTokenOnceOnly() {
    Journey journey = brokenOff(dispatcher);
    dispatcher.resumeFrom(journey, new Remainder(set(PARTNER), REST));
    dispatcher.next(journey, 5 * SECOND);
    double before = dispatcher.status(PARTNER, 0).margin();

    dispatcher.firstContent(journey, 2, 6 * SECOND); // long after the promise, which was kept
    dispatcher.finished(journey, 2, Scene.usage(150, 150), Pauses.NONE, 7 * SECOND);

    assertThat(dispatcher.status(PARTNER, 0).margin()).isEqualTo(before);
  }

  @Test
  void refusesToResumeWhatDidNotBreakOff() {
    Journey journey = journey(dispatcher, 0);
    dispatcher.next(journey, 0);

    assertThatThrownBy(() -> dispatcher.resumeFrom(journey, new Remainder(set(HOME), REST)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void meansTheSameDeploymentsUnderTheNextConfiguration() {
    Journey journey = brokenOff(dispatcher);
    dispatcher.resumeFrom(journey, new Remainder(set(PARTNER), REST));
    Topology turned =
        Scene.topology(Scene.partner(Scene.engines(4, 64)), Scene.home(Scene.engines(1, 8)));
    LiveDispatcher next =
        dispatcher.successor(
            turned,
            List.of(tenant),
            Scene.policy(turned, List.of(tenant)),
            Tuning.DEFAULT,
            Changes.NONE);

    assertThat(attempt(next.next(journey, SECOND)).deployment()).isZero();
  }

  private Journey brokenOff(LiveDispatcher at) {
    Journey journey = journey(at, 0);
    assertThat(attempt(at.next(journey, 0)).deployment()).isEqualTo(HOME);
    breakOff(at, journey, 1);
    return journey;
  }

  private static void breakOff(LiveDispatcher at, Journey journey, int attempt) {
    if (attempt > 1) {
      attempt(at.next(journey, 0));
    }
    at.firstContent(journey, attempt, 30 * MILLI);
    at.failed(
        journey,
        attempt,
        Scene.failure(Kind.STREAM_BROKEN, null),
        Scene.usage(100, 50),
        500 * MILLI);
  }

  private static Topology sameAgain(int deployments) {
    var all = new dev.spillway.core.model.Deployment[deployments];
    for (int i = 0; i < deployments; i++) {
      all[i] = Scene.deployment("home-" + i, Scene.HOME_SITE, Scene.engines(1, 8), Scene.PRICE);
    }
    return Scene.topology(all);
  }

  private Journey journey(LiveDispatcher at, long nowNanos) {
    Journey journey = Scene.journey(tenant, 100, nowNanos);
    at.admit(journey, nowNanos);
    return journey;
  }
}
