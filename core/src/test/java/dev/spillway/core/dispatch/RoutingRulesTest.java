package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Period;
import dev.spillway.core.provider.EngineReport;
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

  private final Tenant tenant = Scene.chatgpt();

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
    Journey refused = journey(dispatcher, 2_000, 0);
    dispatcher.next(refused, 0);
    dispatcher.failed(
        refused, 1, Scene.failure(Kind.RATE_LIMITED, Duration.ofMillis(700)), NOTHING, 0);
    for (int i = 0; i < 3; i++) {
      // 600 ms of prompts at the partner
      assertThat(attempt(start(dispatcher, 2_000, 0)).deployment()).isEqualTo(PARTNER);
    }
    Journey journey = journey(dispatcher, 2_000, 0);

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
    Journey journey = journey(dispatcher, 1_000, 0);
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
  void sendsNothingLongerThanTheEnginesTakeWhateverIsConfigured() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.takes(HOME, 8_192);

    NextStep longer = start(dispatcher, 8_192, 0);
    NextStep shorter = start(dispatcher, 8_191, MILLI);

    assertThat(attempt(longer).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(longer, HOME)).isEqualTo(Rule.CONTEXT_TOO_SHORT);
    assertThat(attempt(shorter).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 0).contextTokens()).isEqualTo(8_192);
  }

  @Test
  void goesByItsConfigurationWhereEnginesTakeMoreOrSayNothing() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.takes(HOME, 8_192);
    dispatcher.takes(PARTNER, 1_000_000);

    NextStep tooLong = start(dispatcher, 200_000, 0);
    dispatcher.takes(HOME, 0);
    NextStep step = start(dispatcher, 20_000, MILLI);

    assertThat(((NextStep.GiveUp) tooLong).failure().kind()).isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 0).contextTokens()).isEqualTo(100_000);
    assertThat(dispatcher.status(PARTNER, 0).contextTokens()).isEqualTo(100_000);
  }

  @Test
  void closesToNewRequestsWhereEnginesReportThatTheyAreSaturated() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.report(HOME, new EngineReport(10, 0, 0.95, 1), 0);
    dispatcher.report(HOME, new EngineReport(10, 0, 0.95, 1), SECOND);

    NextStep step = start(dispatcher, 100, SECOND);

    assertThat(attempt(step).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(step, HOME)).isEqualTo(Rule.ADMISSION_CLOSED);
  }

  /** As after an outage elsewhere, when all answers that were cut go on here. */
  @Test
  void staysOpenWhereTheQueueIsOfOurOwn() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    for (int i = 0; i < 8; i++) {
      assertThat(attempt(start(dispatcher, 100, 0)).deployment()).isEqualTo(HOME);
    }
    reports(dispatcher, new EngineReport(0, 8, 0.1, 1));

    assertThat(dispatcher.status(HOME, 13 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NEW_AND_EXISTING);
  }

  @Test
  void closesWhereTheQueueIsOfOthers() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    reports(dispatcher, new EngineReport(0, 8, 0.1, 1));

    assertThat(dispatcher.status(HOME, 13 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NONE);
  }

  @Test
  void forgetsThatEnginesWereSaturatedThatSayNothingAnyMore() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    reports(dispatcher, new EngineReport(10, 20, 0.95, 1));
    assertThat(dispatcher.status(HOME, 13 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NONE);
    assertThat(ruleFor(start(dispatcher, 100, 40 * SECOND), HOME)).isEqualTo(Rule.ADMISSION_CLOSED);

    NextStep step = start(dispatcher, 100, 73 * SECOND);

    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 73 * SECOND).admissionState())
        .isEqualTo(AdmissionState.NEW_AND_EXISTING);
  }

  @Test
  void forgetsTheSeatsOfOthersAtEnginesThatSayNothingAnyMore() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    reports(dispatcher, new EngineReport(10_000, 0, 0.6, 1));
    assertThat(ruleFor(start(dispatcher, 100, 40 * SECOND), HOME)).isEqualTo(Rule.NO_HEADROOM);

    NextStep step = start(dispatcher, 100, 73 * SECOND);

    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 73 * SECOND).saturation()).isLessThan(0.5);
  }

  /** One that is looked at once a minute has not fallen silent after half of it. */
  @Test
  void believesForLongerWhoSaysSomethingRarely() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    for (int i = 0; i < 3; i++) {
      dispatcher.report(HOME, new EngineReport(10_000, 0, 0.6, 1), 60 * SECOND * i);
    }

    assertThat(ruleFor(start(dispatcher, 100, 179 * SECOND), HOME)).isEqualTo(Rule.NO_HEADROOM);
    assertThat(attempt(start(dispatcher, 100, 300 * SECOND)).deployment()).isEqualTo(HOME);
  }

  /** Every second, the last at 13 s. */
  private static void reports(LiveDispatcher dispatcher, EngineReport report) {
    for (int second = 0; second <= 13; second++) {
      dispatcher.report(HOME, report, second * SECOND);
    }
  }

  @Test
  void trustsAnOldReportLessAndLess() {
    LiveDispatcher dispatcher = Scene.dispatcher(twoSites(1));
    dispatcher.report(HOME, new EngineReport(0, 0, 0, 1), 0);

    assertThat(uncertainty(dispatcher, SECOND)).isZero();
    assertThat(uncertainty(dispatcher, 12 * SECOND)).isEqualTo(200);
    assertThat(uncertainty(dispatcher, 3_600 * SECOND)).isEqualTo(500);
  }

  @Test
  void rejectsFastWhenEverythingIsIllAndLetsOneProbeThrough() {
    LiveDispatcher dispatcher = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 8))));
    for (int i = 0; i < 3; i++) {
      Journey journey = journey(dispatcher, 100, 0);
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
    Journey lonely = Scene.journey(tenant, 100, 0, objective);
    Journey spoilt = Scene.journey(tenant, 100, 0, objective);
    alone.admit(lonely, 0);
    two.admit(spoilt, 0);

    assertThat(attempt(alone.next(lonely, 0)).limits().firstContentNanos()).isEqualTo(300 * SECOND);
    assertThat(attempt(two.next(spoilt, 0)).limits().firstContentNanos()).isEqualTo(5 * SECOND);
  }

  private void missAt(LiveDispatcher dispatcher, long inputTokens) {
    Journey journey = journey(dispatcher, inputTokens, 0);
    assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isEqualTo(HOME);
    dispatcher.firstContent(journey, 1, 4 * SECOND);
    dispatcher.finished(
        journey, 1, Scene.usage(inputTokens, 10), Pauses.NONE, 4 * SECOND + 90 * MILLI);
    dispatcher.left(journey, 5 * SECOND);
  }

  private double uncertainty(LiveDispatcher dispatcher, long now) {
    Journey journey = journey(dispatcher, 10, now);
    Decision decision = dispatcher.next(journey, now).decision();
    dispatcher.abandoned(journey, 1, NOTHING, now);
    dispatcher.left(journey, now);
    return ((Decision.Considered) decision.verdicts().get(HOME)).prediction().uncertaintyMillis();
  }

  private static Clause homeFirst() {
    return new Clause.OfferHomeFirst(
        Scene.heading("home-first"), List.of(WorkloadClass.ONLINE_INFERENCE));
  }

  private static Topology twoSites(int homeReplicas) {
    return Scene.topology(
        Scene.home(Scene.engines(homeReplicas, 64)), Scene.partner(Scene.engines(4, 64)));
  }

  private static Price aLittleDearer() {
    Price price = Scene.PRICE;
    return new Price(
        price.inputPerMillion() * 103 / 100,
        price.cachedInputPerMillion(),
        price.outputPerMillion() * 103 / 100,
        0);
  }

  private NextStep start(LiveDispatcher at, long inputTokens, long nowNanos) {
    return at.next(journey(at, inputTokens, nowNanos), nowNanos);
  }

  private Journey journey(LiveDispatcher at, long inputTokens, long nowNanos) {
    Journey journey = Scene.journey(tenant, inputTokens, nowNanos);
    at.admit(journey, nowNanos);
    return journey;
  }

  private static NextStep.Attempt attempt(NextStep step) {
    assertThat(step).isInstanceOf(NextStep.Attempt.class);
    return (NextStep.Attempt) step;
  }

  private static Rule ruleFor(NextStep step, int place) {
    return ((Decision.Unavailable) step.decision().verdicts().get(place)).rule();
  }
}
