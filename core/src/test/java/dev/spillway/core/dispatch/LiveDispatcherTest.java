package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.admitted;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static dev.spillway.core.dispatch.Scene.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Presence;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveDispatcherTest {
  private static final Usage NOTHING = Scene.usage(0, 0);

  private final Tenant tenant = Scene.chatgpt();
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 8)), Scene.partner(Scene.engines(4, 64)));
  private final LiveDispatcher dispatcher = Scene.dispatcher(topology);

  @Test
  void prefersTheCheaperHomeWhileItMeetsTheObjective() {
    NextStep step = start(dispatcher, 500, 0);

    assertThat(attempt(step).deployment()).isEqualTo(HOME);
    assertThat(step.decision().why()).isEqualTo(Why.CHEAPEST_THAT_MEETS_OBJECTIVE);
  }

  @Test
  void sendsOnlyTheMarginalRequestToThePartner() {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      places.add(attempt(start(dispatcher, 100, 0)).deployment());
    }

    assertThat(places).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
  }

  @Test
  void sendsNothingWhereNobodyIsUntilSomebodyIs() {
    dispatcher.presence(HOME, Presence.ABSENT, 0);

    NextStep step = start(dispatcher, 500, 0);

    assertThat(attempt(step).deployment()).isEqualTo(PARTNER);
    dispatcher.presence(PARTNER, Presence.ABSENT, 0);
    assertThat(start(dispatcher, 500, 0)).isInstanceOf(NextStep.NoCapacity.class);
    dispatcher.presence(HOME, Presence.PRESENT, 0);
    assertThat(attempt(start(dispatcher, 500, 0)).deployment()).isEqualTo(HOME);
  }

  @Test
  void sendsAllAtOnceWhereSomebodyIsForTheFirstTime() {
    dispatcher.presence(HOME, Presence.ABSENT, 0);
    dispatcher.presence(HOME, Presence.PRESENT, SECOND);

    assertThat(shareAtHome(SECOND)).isEqualTo(1);
  }

  @Test
  void sendsAGrowingShareWhereSomebodyIsBack() {
    dispatcher.presence(HOME, Presence.PRESENT, 0);
    dispatcher.presence(HOME, Presence.ABSENT, SECOND);
    dispatcher.presence(HOME, Presence.ABSENT, 2 * SECOND);
    dispatcher.presence(HOME, Presence.PRESENT, 40 * SECOND);
    dispatcher.presence(HOME, Presence.PRESENT, 41 * SECOND); // still there, not back again

    assertThat(shareAtHome(40 * SECOND)).isZero();
    assertThat(shareAtHome(43 * SECOND)).isCloseTo(0.2, within(0.02));
    assertThat(shareAtHome(49 * SECOND)).isCloseTo(0.6, within(0.02));
    assertThat(shareAtHome(55 * SECOND)).isEqualTo(1);
  }

  @Test
  void sendsAllWhereSomebodyIsBackWhenNobodyElseCanTakeIt() {
    dispatcher.presence(HOME, Presence.PRESENT, 0);
    dispatcher.presence(HOME, Presence.ABSENT, SECOND);
    dispatcher.presence(PARTNER, Presence.ABSENT, SECOND);
    dispatcher.presence(HOME, Presence.PRESENT, 40 * SECOND);

    assertThat(shareAtHome(40 * SECOND)).isEqualTo(1);
  }

  /** Of a hundred requests, one after the other. */
  private double shareAtHome(long nowNanos) {
    int home = 0;
    for (int i = 0; i < 100; i++) {
      Journey journey = admitted(dispatcher, 100, nowNanos);
      home += attempt(dispatcher.next(journey, nowNanos)).deployment() == HOME ? 1 : 0;
      dispatcher.firstContent(journey, 1, nowNanos + 30 * MILLI);
      dispatcher.finished(journey, 1, Scene.usage(100, 20), Pauses.NONE, nowNanos + 300 * MILLI);
      dispatcher.left(journey, nowNanos + 300 * MILLI);
    }
    return home / 100.0;
  }

  @Test
  void givesBackWhatAnEndedAttemptHeld() {
    Journey first = admitted(dispatcher, 100, 0);
    dispatcher.next(first, 0);
    assertThat(dispatcher.status(HOME, 0).inFlight()).isEqualTo(1);
    assertThat(dispatcher.status(HOME, 0).queuedInputTokens()).isEqualTo(100);

    dispatcher.firstContent(first, 1, 30 * MILLI);
    assertThat(dispatcher.status(HOME, 30 * MILLI).queuedInputTokens()).isZero();
    dispatcher.finished(first, 1, Scene.usage(100, 20), Pauses.NONE, 300 * MILLI);
    dispatcher.left(first, 300 * MILLI);

    assertThat(dispatcher.status(HOME, 300 * MILLI).inFlight()).isZero();
    assertThat(dispatcher.status(HOME, 300 * MILLI).saturation()).isZero();
  }

  @Test
  void expectsNobodyBehindPromptsThatWereRefused() {
    for (int i = 0; i < 5; i++) {
      Journey journey = wholeJourney(90_000, i * MILLI);
      attempt(dispatcher.next(journey, i * MILLI));
      dispatcher.failed(
          journey, 1, Scene.failure(Kind.INVALID_REQUEST, null), NOTHING, (i + 1) * MILLI);
      dispatcher.left(journey, (i + 1) * MILLI);
    }

    assertThat(dispatcher.status(HOME, 5 * MILLI).queuedInputTokens()).isZero();
  }

  /** 20,000 tokens a second where 10,000 are believed in, and no answer tells better. */
  @Test
  void expectsNoQueueWhereAnswersThatComeAllAtOnceCome() {
    long now = 0;
    for (int i = 0; i < 600; i++) {
      Journey journey = wholeJourney(2_000, now);
      assertThat(attempt(dispatcher.next(journey, now)).deployment()).isEqualTo(HOME);
      now += 100 * MILLI;
      dispatcher.finished(journey, 1, Scene.usage(2_000, 20), Pauses.NONE, now);
      dispatcher.left(journey, now);
    }

    assertThat(dispatcher.status(HOME, now).queuedInputTokens()).isZero();
  }

  private Journey wholeJourney(long inputTokens, long nowNanos) {
    var shape = new RequestShape(inputTokens, 200, 0, RequestShape.Answer.WHOLE);
    Journey journey = Scene.journey(tenant, shape, nowNanos, Scene.OBJECTIVE);
    assertThat(dispatcher.admit(journey, nowNanos)).isEqualTo(Admission.Admitted.ADMITTED);
    return journey;
  }

  @Test
  void placesEveryRequestOfADyingHomeAtThePartner() {
    Topology large =
        Scene.topology(Scene.home(Scene.engines(2, 64)), Scene.partner(Scene.engines(4, 64)));
    LiveDispatcher busy = Scene.dispatcher(large);
    List<Journey> flying = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Journey journey = admitted(busy, 100, 0);
      assertThat(attempt(busy.next(journey, 0)).deployment()).isEqualTo(HOME);
      flying.add(journey);
    }

    for (Journey journey : flying) {
      busy.failed(journey, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, MILLI);
      assertThat(attempt(busy.next(journey, MILLI)).deployment()).isEqualTo(PARTNER);
    }

    assertThat(busy.status(HOME, MILLI).inFlight()).isZero();
    assertThat(busy.status(PARTNER, MILLI).inFlight()).isEqualTo(60);
  }

  @Test
  void leavesAloneForEveryRequestADeploymentThatAskedForIt() {
    Journey refused = admitted(dispatcher, 100, 0);
    dispatcher.next(refused, 0);
    dispatcher.failed(
        refused, 1, Scene.failure(Kind.RATE_LIMITED, Duration.ofMillis(400)), NOTHING, MILLI);

    assertThat(attempt(dispatcher.next(refused, MILLI)).deployment()).isEqualTo(PARTNER);
    NextStep another = start(dispatcher, 100, 300 * MILLI);
    assertThat(attempt(another).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(another, HOME)).isEqualTo(Rule.ASKED_TO_WAIT);
    assertThat(attempt(start(dispatcher, 100, 402 * MILLI)).deployment()).isEqualTo(HOME);
  }

  @Test
  void showsTheClientItsOwnMistakeWithoutTryingElsewhere() {
    Journey journey = admitted(dispatcher, 100, 0);
    dispatcher.next(journey, 0);
    dispatcher.failed(journey, 1, Scene.failure(Kind.INVALID_REQUEST, null), NOTHING, MILLI);

    NextStep step = dispatcher.next(journey, MILLI);

    assertThat(step).isInstanceOf(NextStep.GiveUp.class);
    assertThat(((NextStep.GiveUp) step).retryAfter()).isZero();
  }

  @Test
  void triesTheOnlyDeploymentOnceMoreAndNotTwice() {
    LiveDispatcher lonely = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 8))));
    Journey journey = admitted(lonely, 100, 0);
    lonely.next(journey, 0);
    lonely.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, MILLI);

    NextStep.Wait backoff = (NextStep.Wait) lonely.next(journey, MILLI);
    assertThat(backoff.where()).isEqualTo(NextStep.Where.BACKOFF);
    long later = backoff.untilNanos();
    assertThat(attempt(lonely.next(journey, later)).number()).isEqualTo(2);
    lonely.failed(journey, 2, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, later);

    assertThat(lonely.next(journey, later)).isInstanceOf(NextStep.GiveUp.class);
  }

  @Test
  void namesTheClausesWhenTheContractAllowsNothing() {
    LiveDispatcher strict =
        Scene.dispatcher(
            Scene.topology(Scene.partner(Scene.engines(1, 8))),
            new Clause.WorkloadPlacement(
                Scene.heading("chat-at-home"),
                WorkloadClass.ONLINE_INFERENCE,
                List.of(Scene.HOME_SITE.id())));

    NextStep step = start(strict, 100, 0);

    assertThat(step).isInstanceOf(NextStep.Forbidden.class);
    assertThat(((NextStep.Forbidden) step).clauses())
        .extracting(out -> out.clause().value())
        .containsExactly("chat-at-home");
  }

  @Test
  void waitsInLineWhenEverythingIsFullAndGoesInOrderWhenRoomIsFree() {
    LiveDispatcher small = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 1))));
    Journey running = admitted(small, 100, 0);
    small.next(running, 0);
    List<Journey> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Journey journey = admitted(small, 100, MILLI);
      NextStep.Wait wait = (NextStep.Wait) small.next(journey, MILLI);
      assertThat(small.enqueue(journey, wait, MILLI)).isEqualTo(new Admission.Queued(i));
      waiting.add(journey);
    }
    assertThat(small.waiting()).isEqualTo(3);

    small.finished(running, 1, Scene.usage(100, 10), Pauses.NONE, SECOND);
    List<Journey> out = new ArrayList<>();
    small.release(SECOND, (journey, step) -> out.add(attemptOf(journey, step)));

    assertThat(out).containsExactly(waiting.getFirst());
    assertThat(small.waiting()).isEqualTo(2);
  }

  @Test
  void refusesAnotherAttemptWhileOneIsUnderWay() {
    Journey journey = admitted(dispatcher, 100, 0);
    dispatcher.next(journey, 0);

    assertThatThrownBy(() -> dispatcher.left(journey, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chat-home");
  }

  @Test
  void settlesAJourneyThatBeganUnderAnotherConfiguration() {
    Journey journey = admitted(dispatcher, 100, 0);
    dispatcher.next(journey, 0);
    Topology resized =
        Scene.topology(Scene.home(Scene.engines(1, 8)), Scene.partner(Scene.engines(9, 64)));

    LiveDispatcher next =
        dispatcher.successor(
            resized,
            List.of(tenant),
            Scene.policy(resized, List.of(tenant)),
            Tuning.DEFAULT,
            Changes.NONE);
    assertThat(next.status(HOME, 0).inFlight()).isEqualTo(1);
    next.finished(journey, 1, Scene.usage(100, 10), Pauses.NONE, SECOND);
    next.left(journey, SECOND);

    assertThat(next.status(HOME, SECOND).inFlight()).isZero();
  }

  @Test
  void explainsEveryDeploymentOfTheModel() {
    for (int i = 0; i < 8; i++) {
      start(dispatcher, 100, 0);
    }

    List<Decision.Verdict> verdicts = start(dispatcher, 100, 0).decision().verdicts();

    assertThat(verdicts).hasSize(2);
    assertThat(verdicts.get(HOME)).isInstanceOf(Decision.Unavailable.class);
    assertThat(verdicts.get(PARTNER))
        .isInstanceOfSatisfying(
            Decision.Considered.class,
            partner -> {
              assertThat(partner.prediction().roundTripMillis()).isEqualTo(20);
              assertThat(partner.prediction().prefillMillis()).isEqualTo(30);
              assertThat(partner.meetsObjective()).isTrue();
            });
  }

  @Test
  void spillsBeforeTheBucketIsFull() {
    Capacity tenThousandPerSecond = new Capacity.Provisioned(1, 600_000, 1);
    LiveDispatcher prepaid =
        Scene.dispatcher(
            Scene.topology(Scene.home(tenThousandPerSecond), Scene.partner(Scene.engines(4, 64))));
    for (int i = 0; i < 101; i++) { // 100,000 tokens deep; the one that passes 1 is let in
      assertThat(attempt(start(prepaid, 800, 0)).deployment()).isEqualTo(HOME);
    }

    NextStep marginal = start(prepaid, 800, 0);

    assertThat(attempt(marginal).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(marginal, HOME)).isEqualTo(Rule.BUCKET_FULL);
  }

  private static Journey attemptOf(Journey journey, NextStep step) {
    assertThat(step).isInstanceOf(NextStep.Attempt.class);
    return journey;
  }
}
