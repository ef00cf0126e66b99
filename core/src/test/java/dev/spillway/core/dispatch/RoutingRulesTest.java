package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.admitted;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static dev.spillway.core.dispatch.Scene.start;
import static dev.spillway.core.dispatch.Scene.twoSites;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Period;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.RouterTuning;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Why;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which deployment is picked, and what rules others out, seen from outside. */
class RoutingRulesTest {
  private static final double INITIAL_MARGIN = RouterTuning.DEFAULT.initialMargin();
  private static final Usage NOTHING = Scene.usage(0, 0);

  @Test
  void takesTheFasterOfTwoThatCostTheSame() {
    LiveDispatcher dispatcher =
        Scene.dispatcher(
            Scene.topology(
                Scene.deployment("far", Scene.PARTNER_SITE, Scene.engines(1, 8), Scene.PRICE),
                Scene.deployment("near", Scene.HOME_SITE, Scene.engines(1, 8), aLittleDearer())));

    assertThat(attempt(start(dispatcher, 100, 0)).deployment()).isEqualTo(1);
  }

  @Test
  void paysForThePartnerWhenHomeWouldBeLate() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    for (int i = 0; i < 7; i++) {
      assertThat(attempt(start(dispatcher, 1_000, 0)).deployment()).isEqualTo(HOME);
    }

    // 700 ms of prompts ahead of its own 120, and what a queue may be longer than predicted
    NextStep step = start(dispatcher, 1_000, 0);

    assertThat(attempt(step).deployment()).isEqualTo(PARTNER);
    assertThat(step.decision().why()).isEqualTo(Why.CHEAPEST_THAT_MEETS_OBJECTIVE);
  }

  @Test
  void saysWhetherNobodyElseTakesIt() {
    LiveDispatcher two = Scene.dispatcher(twoSites(1));
    LiveDispatcher one =
        Scene.dispatcher(
            Scene.topology(
                Scene.deployment("near", Scene.HOME_SITE, Scene.engines(1, 8), Scene.PRICE)));

    assertThat(attempt(start(two, 100, 0)).onlyThere()).isFalse();
    assertThat(attempt(start(one, 100, 0)).onlyThere()).isTrue();
  }

  @Test
  void takesTheFastestWhenNoneMeetsTheObjective() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));

    NextStep step = start(dispatcher, 20_000, 0);

    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(step.decision().why()).isEqualTo(Why.FASTEST);
  }

  @Test
  void waitsForHomeRatherThanGoWhereItIsSlowerAndWidensInTime() {
    LiveDispatcher dispatcher =
        Scene.dispatcher(
            Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(1, 64))));
    Journey refused = admitted(dispatcher, 2_000, 0);
    dispatcher.next(refused, 0);
    dispatcher.failed(
        refused, 1, Scene.failure(Kind.RATE_LIMITED, Duration.ofMillis(700)), NOTHING, 0);
    for (int i = 0; i < 3; i++) {
      // 600 ms of prompts at the partner
      assertThat(attempt(start(dispatcher, 2_000, 0)).deployment()).isEqualTo(PARTNER);
    }
    Journey journey = admitted(dispatcher, 2_000, 0);

    NextStep.Wait wait = (NextStep.Wait) dispatcher.next(journey, 0);
    NextStep later = dispatcher.next(journey, 25 * MILLI);

    assertThat(wait.decision().why()).isEqualTo(Why.WAITING_IS_FASTER);
    assertThat(wait.untilNanos()).isBetween(10 * MILLI, 22 * MILLI);
    assertThat(attempt(later).deployment()).isEqualTo(PARTNER);
  }

  @Test
  void offersHomeFirstWhenAClauseWantsIt() {
    Topology cheapPartner =
        Scene.topology(
            Scene.deployment("dear", Scene.HOME_SITE, Scene.engines(1, 1), Scene.PRICE),
            Scene.deployment("cheap", Scene.PARTNER_SITE, Scene.engines(1, 8), Price.FREE));
    LiveDispatcher free = Scene.dispatcher(cheapPartner);
    LiveDispatcher bound = Scene.dispatcher(cheapPartner, homeFirst());

    NextStep offered = start(bound, 100, 0);
    NextStep full = start(bound, 100, 0);

    assertThat(attempt(start(free, 100, 0)).deployment()).isEqualTo(PARTNER);
    assertThat(attempt(offered).deployment()).isEqualTo(HOME);
    assertThat(ruleFor(offered, PARTNER)).isEqualTo(Rule.HOME_FIRST);
    assertThat(attempt(full).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(full, HOME)).as("the refusal is recorded").isEqualTo(Rule.NO_HEADROOM);
  }

  @Test
  void spendsNoMoreThanTheCapAndSaysWhichClauseItWas() {
    Clause cap =
        new Clause.Cap(
            Scene.heading("oracle-cap"),
            Scene.PARTNER_SITE.provider(),
            new NanoUsd(5_000_000),
            null,
            Period.MONTH);
    LiveDispatcher dispatcher =
        Scene.dispatcher(Scene.topology(Scene.partner(Scene.engines(4, 64))), cap);

    // 1,000 input and 200 output tokens: 4,500,000 nano-dollars
    assertThat(attempt(start(dispatcher, 1_000, 0)).deployment()).isZero();
    NextStep refused = start(dispatcher, 1_000, 0);

    assertThat(refused).isInstanceOf(NextStep.Forbidden.class);
    assertThat(((NextStep.Forbidden) refused).clauses().getFirst().clause().value())
        .isEqualTo("oracle-cap");
  }

  @Test
  void asksTheCapAgainForTheFallback() {
    Clause cap =
        new Clause.Cap(
            Scene.heading("oracle-cap"),
            Scene.PARTNER_SITE.provider(),
            new NanoUsd(1),
            null,
            Period.MONTH);
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1), cap);
    Journey journey = admitted(dispatcher, 1_000, 0);
    dispatcher.next(journey, 0);
    dispatcher.failed(journey, 1, Scene.failure(Kind.TIMED_OUT, null), NOTHING, MILLI);

    NextStep step = dispatcher.next(journey, MILLI);

    assertThat(step).isInstanceOf(NextStep.GiveUp.class);
    assertThat(step.decision().verdicts().get(PARTNER)).isInstanceOf(Decision.Excluded.class);
  }

  @Test
  void saysThatARequestIsTooLongForEverything() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));

    NextStep step = start(dispatcher, 200_000, 0);

    assertThat(((NextStep.GiveUp) step).failure().kind()).isEqualTo(Kind.CONTEXT_TOO_LONG);
  }

  @Test
  void rejectsFastWhenEverythingIsIllAndLetsOneProbeThrough() {
    LiveDispatcher dispatcher = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 8))));
    for (int i = 0; i < 3; i++) {
      Journey journey = admitted(dispatcher, 100, 0);
      dispatcher.next(journey, 0);
      dispatcher.failed(journey, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, 0);
    }

    NextStep rejected = start(dispatcher, 100, SECOND);
    NextStep probe = start(dispatcher, 100, 6 * SECOND);
    NextStep behind = start(dispatcher, 100, 6 * SECOND);

    assertThat(dispatcher.status(HOME, 0).breaker()).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(((NextStep.NoCapacity) rejected).retryAfter())
        .isBetween(Duration.ofMillis(3_900), Duration.ofMillis(4_100));
    assertThat(attempt(probe).deployment()).isEqualTo(HOME);
    assertThat(behind).isInstanceOf(NextStep.NoCapacity.class);
  }

  @Test
  void countsNoMissThatNobodyWouldHaveAvoided() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));

    missAt(dispatcher, 20_000); // two seconds to read: nobody could have met a second

    assertThat(dispatcher.status(HOME, 0).margin()).isEqualTo(INITIAL_MARGIN);
  }

  @Test
  void learnsFromAMissThatAnotherWouldHaveAvoided() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));

    missAt(dispatcher, 1_000);

    assertThat(dispatcher.status(HOME, 0).margin()).isEqualTo(INITIAL_MARGIN + 0.0995);
    assertThat(dispatcher.status(PARTNER, 0).margin()).isEqualTo(INITIAL_MARGIN);
  }

  @Test
  void learnsFromAMissOfHomeThatThePartnerWouldHaveAvoidedThoughHomeIsOfferedItFirst() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1), homeFirst());

    missAt(dispatcher, 1_000);

    assertThat(dispatcher.status(HOME, 0).margin()).isEqualTo(INITIAL_MARGIN + 0.0995);
  }

  @Test
  void givesLaterAnswersNoLimitButTheDeadlineWhereNobodyElseCouldAnswer() {
    Objective objective =
        new Objective(Duration.ofSeconds(1), Duration.ofMillis(60), 0.99, Duration.ofSeconds(300));
    LiveDispatcher alone = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 8))));
    LiveDispatcher two = Scene.dispatcher(twoSites(1));
    Journey lonely = Scene.journey(Scene.chatgpt(), 100, 0, objective);
    Journey spoilt = Scene.journey(Scene.chatgpt(), 100, 0, objective);
    alone.admit(lonely, 0);
    two.admit(spoilt, 0);

    assertThat(attempt(alone.next(lonely, 0)).limits().firstContentNanos()).isEqualTo(300 * SECOND);
    assertThat(attempt(two.next(spoilt, 0)).limits().firstContentNanos()).isEqualTo(5 * SECOND);
  }

  private void missAt(LiveDispatcher dispatcher, long inputTokens) {
    Journey journey = admitted(dispatcher, inputTokens, 0);
    assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isEqualTo(HOME);
    dispatcher.firstContent(journey, 1, 4 * SECOND);
    dispatcher.finished(
        journey, 1, Scene.usage(inputTokens, 10), Pauses.NONE, 4 * SECOND + 90 * MILLI);
    dispatcher.left(journey, 5 * SECOND);
  }

  private static Clause homeFirst() {
    return new Clause.OfferHomeFirst(
        Scene.heading("home-first"), List.of(WorkloadClass.ONLINE_INFERENCE));
  }

  private static Price aLittleDearer() {
    Price price = Scene.PRICE;
    return new Price(
        price.inputPerMillion() * 103 / 100,
        price.cachedInputPerMillion(),
        price.outputPerMillion() * 103 / 100,
        0);
  }
}
