package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows from each kind of failure, for the request and for the deployment. */
class FailureTest {
  private static final Usage NOTHING = Scene.usage(0, 0);

  private final Tenant tenant = Scene.chatgpt();
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64)));
  private final LiveDispatcher dispatcher = Scene.dispatcher(topology);
  private final LiveDispatcher alone =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));

  @Test
  void waitsJustAsLongAsTheOnlyDeploymentAskedAndIsAnsweredThere() {
    Journey journey = refused(alone, Duration.ofSeconds(7), 0);

    NextStep.Wait wait = (NextStep.Wait) alone.next(journey, MILLI);
    assertThat(wait.untilNanos()).isBetween(7 * SECOND, 7 * SECOND + 10);
    alone.enqueue(journey, wait, MILLI);
    List<NextStep> out = new ArrayList<>();
    long again = alone.release(MILLI, (_, step) -> out.add(step));
    assertThat(again).isBetween(7 * SECOND, 7 * SECOND + 10);
    alone.release(again, (_, step) -> out.add(step));

    assertThat(out).hasSize(1);
    assertThat(attempt(out.getFirst()).number()).isEqualTo(2);
  }

  /** Room elsewhere may be minutes away; one failure is no reason to wait for it. */
  @Test
  void asksOnceMoreWhereItFailedWhileAnotherIsFull() {
    Journey journey = journey(dispatcher, 0);
    assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isEqualTo(HOME);
    dispatcher.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, 0);
    assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isEqualTo(PARTNER);
    Duration full = Duration.ofSeconds(60);
    dispatcher.failed(journey, 2, Scene.failure(Kind.RATE_LIMITED, full), NOTHING, 0);

    NextStep.Wait wait = (NextStep.Wait) dispatcher.next(journey, 0);

    assertThat(wait.where()).isEqualTo(NextStep.Where.BACKOFF);
    assertThat(wait.untilNanos()).isLessThan(SECOND);
    NextStep again = dispatcher.next(journey, wait.untilNanos());
    assertThat(attempt(again).deployment()).isEqualTo(HOME);
  }

  @Test
  void isBackAtFullRateWhenTheTimeIsOver() {
    refused(dispatcher, Duration.ofSeconds(7), 0);

    for (int i = 0; i < 20; i++) {
      assertThat(attempt(start(dispatcher, 7 * SECOND - 1)).deployment()).isEqualTo(PARTNER);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(attempt(start(dispatcher, 7 * SECOND)).deployment()).isEqualTo(HOME);
    }
  }

  @Test
  void refusesAtOnceWhenTheTimeAskedIsBeyondTheDeadline() {
    Journey journey = refused(alone, Duration.ofHours(1), 0);

    NextStep.GiveUp over = (NextStep.GiveUp) alone.next(journey, 0);
    NextStep.NoCapacity another = (NextStep.NoCapacity) start(alone, 60 * SECOND);

    assertThat(over.failure().kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(over.retryAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(another.retryAfter()).isEqualTo(Duration.ofMinutes(59));
  }

  @Test
  void backsOffLongerAndLongerWhereNobodySaysHowLong() {
    Journey journey = journey(alone, 0);
    List<Long> sent = new ArrayList<>();
    long now = 0;
    NextStep step = alone.next(journey, now);
    while (!(step instanceof NextStep.GiveUp)) {
      if (step instanceof NextStep.Attempt made) {
        sent.add(now);
        alone.failed(journey, made.number(), Scene.failure(Kind.RATE_LIMITED, null), NOTHING, now);
      } else {
        now = ((NextStep.Wait) step).untilNanos();
      }
      step = alone.next(journey, now);
    }

    assertThat(sent).hasSize(Tuning.DEFAULT.deployment().retry().mostAttempts());
    for (int i = 2; i < sent.size(); i++) {
      assertThat(sent.get(i) - sent.get(i - 2)).as("any three").isGreaterThan(3 * SECOND);
    }
    NextStep.GiveUp over = (NextStep.GiveUp) step;
    assertThat(over.failure().kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(over.retryAfter()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
  }

  @Test
  void countsRefusalsThatWereOnTheirWayTogetherAsOne() {
    List<Journey> together = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Journey journey = journey(alone, 0);
      attempt(alone.next(journey, 0));
      together.add(journey);
    }
    for (Journey each : together) {
      alone.failed(each, 1, Scene.failure(Kind.RATE_LIMITED, null), NOTHING, MILLI);
    }

    NextStep.Wait wait = (NextStep.Wait) start(alone, MILLI);

    assertThat(wait.untilNanos()).isBetween(SECOND, 1_600 * MILLI);
  }

  @Test
  void startsAnewOnceItWasAccepted() {
    long now = 0;
    for (int i = 0; i < 4; i++) {
      refused(alone, null, now);
      now = ((NextStep.Wait) start(alone, now)).untilNanos();
    }
    Journey journey = journey(alone, now);
    attempt(alone.next(journey, now));
    alone.firstContent(journey, 1, now + MILLI);

    refused(alone, null, now + MILLI);
    NextStep.Wait wait = (NextStep.Wait) start(alone, now + MILLI);

    assertThat(wait.untilNanos() - now).isBetween(SECOND, 1_600 * MILLI);
  }

  @Test
  void takesADeploymentThatRefusesOurCredentialOutOfRotationForEverybody() {
    fail(dispatcher, Kind.MISCONFIGURED, 0);

    NextStep another = start(dispatcher, SECOND);

    assertThat(attempt(another).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(another, HOME)).isEqualTo(Rule.MISCONFIGURED);
    assertThat(dispatcher.status(HOME, SECOND).misconfigured()).isTrue();
    assertThat(dispatcher.status(HOME, SECOND).breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(dispatcher.status(PARTNER, SECOND).misconfigured()).isFalse();
  }

  @Test
  void triesAMisconfiguredDeploymentOnceAMinuteWithOneRequest() {
    fail(dispatcher, Kind.MISCONFIGURED, 0);

    Journey probe = journey(dispatcher, 60 * SECOND);
    assertThat(attempt(dispatcher.next(probe, 60 * SECOND)).deployment()).isEqualTo(HOME);
    assertThat(attempt(start(dispatcher, 60 * SECOND)).deployment()).isEqualTo(PARTNER);
    dispatcher.failed(
        probe, 1, Scene.failure(Kind.MISCONFIGURED, null), NOTHING, 60 * SECOND + MILLI);
    assertThat(attempt(dispatcher.next(probe, 60 * SECOND + MILLI)).deployment())
        .isEqualTo(PARTNER);
    assertThat(attempt(start(dispatcher, 119 * SECOND)).deployment()).isEqualTo(PARTNER);

    Journey second = journey(dispatcher, 121 * SECOND);
    assertThat(attempt(dispatcher.next(second, 121 * SECOND)).deployment()).isEqualTo(HOME);
    dispatcher.firstContent(second, 1, 121 * SECOND + MILLI);
    assertThat(attempt(start(dispatcher, 121 * SECOND + MILLI)).deployment()).isEqualTo(HOME);
    assertThat(dispatcher.status(HOME, 121 * SECOND).misconfigured()).isFalse();
  }

  @Test
  void doesNotBelieveAnAnswerThatWasOnItsWayBeforeItRefused() {
    Journey early = journey(dispatcher, 0);
    attempt(dispatcher.next(early, 0));
    fail(dispatcher, Kind.MISCONFIGURED, SECOND);

    dispatcher.firstContent(early, 1, 2 * SECOND);

    assertThat(dispatcher.status(HOME, 2 * SECOND).misconfigured()).isTrue();
  }

  @Test
  void putsItBackWhenItsConfigurationOrCredentialChanges() {
    fail(dispatcher, Kind.MISCONFIGURED, 0);
    var policy = Scene.policy(topology, List.of(tenant));

    LiveDispatcher other =
        dispatcher.successor(
            topology,
            List.of(tenant),
            policy,
            Tuning.DEFAULT,
            Changes.of(List.of(topology.deployments().get(PARTNER).id())));
    assertThat(other.status(HOME, SECOND).misconfigured()).isTrue();
    LiveDispatcher mended =
        other.successor(
            topology,
            List.of(tenant),
            policy,
            Tuning.DEFAULT,
            Changes.of(List.of(topology.deployments().get(HOME).id())));

    assertThat(attempt(start(mended, SECOND)).deployment()).isEqualTo(HOME);
  }

  /** It was sent with the key that was wrong: that of now may be right. */
  @Test
  void doesNotBelieveARefusalThatWasOnItsWayBeforeTheCredentialChanged() {
    Journey early = journey(dispatcher, 0);
    assertThat(attempt(dispatcher.next(early, 0)).deployment()).isEqualTo(HOME);
    LiveDispatcher mended =
        dispatcher.successor(
            topology,
            List.of(tenant),
            Scene.policy(topology, List.of(tenant)),
            Tuning.DEFAULT,
            Changes.of(List.of(topology.deployments().get(HOME).id())));

    dispatcher.failed(early, 1, Scene.failure(Kind.MISCONFIGURED, null), NOTHING, SECOND);

    assertThat(mended.status(HOME, SECOND).misconfigured()).isFalse();
    assertThat(attempt(start(mended, SECOND)).deployment()).isEqualTo(HOME);
  }

  /** One node of many says it, and may be the only one that is ill. */
  @Test
  void leavesOneThatFailsAloneForNoLongerThanAnIllOne() {
    Journey journey = journey(dispatcher, 0);
    attempt(dispatcher.next(journey, 0));
    Duration asked = Duration.ofHours(1);
    dispatcher.failed(journey, 1, Scene.failure(Kind.OVERLOADED, asked), NOTHING, 0);

    assertThat(attempt(start(dispatcher, 10 * SECOND - 1)).deployment()).isEqualTo(PARTNER);
    assertThat(attempt(start(dispatcher, 10 * SECOND)).deployment()).isEqualTo(HOME);
  }

  @Test
  void saysWhenAnOnlyDeploymentThatIsMisconfiguredIsTriedNext() {
    fail(alone, Kind.MISCONFIGURED, 0);

    NextStep.NoCapacity none = (NextStep.NoCapacity) start(alone, 20 * SECOND);

    assertThat(none.retryAfter()).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void triesALongerContextOnceWhenTheInputIsTooLong() {
    LiveDispatcher three =
        Scene.dispatcher(Scene.topology(context(1_000), context(1_000_000), context(2_000)));
    Journey journey = journey(three, 0);
    assertThat(attempt(three.next(journey, 0)).deployment()).isZero();
    three.failed(journey, 1, Scene.failure(Kind.CONTEXT_TOO_LONG, null), NOTHING, MILLI);

    NextStep.Attempt longer = attempt(three.next(journey, MILLI));
    three.failed(
        journey, longer.number(), Scene.failure(Kind.CONTEXT_TOO_LONG, null), NOTHING, MILLI);
    NextStep.GiveUp over = (NextStep.GiveUp) three.next(journey, MILLI);

    assertThat(longer.deployment()).isNotZero();
    assertThat(over.failure().kind()).isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(over.retryAfter()).isZero();
    assertThat(three.status(0, MILLI).breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void triesOneThatTakesMoreThanTheEnginesOfTheFirstSaid() {
    dispatcher.takes(0, 8_192);
    Journey journey = journey(dispatcher, 0);
    assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isZero();

    dispatcher.failed(journey, 1, Scene.failure(Kind.CONTEXT_TOO_LONG, null), NOTHING, MILLI);

    assertThat(attempt(dispatcher.next(journey, MILLI)).deployment()).isEqualTo(PARTNER);
  }

  @Test
  void showsTheErrorWhereNoOtherTakesMore() {
    Journey journey = journey(dispatcher, 0);
    attempt(dispatcher.next(journey, 0));
    dispatcher.failed(journey, 1, Scene.failure(Kind.CONTEXT_TOO_LONG, null), NOTHING, MILLI);

    NextStep.GiveUp over = (NextStep.GiveUp) dispatcher.next(journey, MILLI);

    assertThat(over.failure().kind()).isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(ruleFor(over, PARTNER)).isEqualTo(Rule.CONTEXT_TOO_SHORT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"REFUSED_BY_FILTER", "INVALID_REQUEST"})
  void asksNobodyElseAboutWhatTheRequestItselfIsRefusedFor(Kind kind) {
    Journey journey = journey(dispatcher, 0);
    attempt(dispatcher.next(journey, 0));
    dispatcher.failed(journey, 1, Scene.failure(kind, null), NOTHING, MILLI);

    NextStep.GiveUp over = (NextStep.GiveUp) dispatcher.next(journey, MILLI);

    assertThat(over.failure().kind()).isEqualTo(kind);
  }

  @Test
  void asksNobodyElseEvenWhenTheAttemptBesideItFailedOtherwise() {
    Journey journey = journey(dispatcher, 0);
    attempt(dispatcher.next(journey, 0));
    assertThat(dispatcher.hedge(journey, SECOND)).isPresent();
    dispatcher.failed(journey, 2, Scene.failure(Kind.INVALID_REQUEST, null), NOTHING, SECOND);
    dispatcher.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, SECOND);

    NextStep.GiveUp over = (NextStep.GiveUp) dispatcher.next(journey, SECOND);

    assertThat(over.failure().kind()).isEqualTo(Kind.INVALID_REQUEST);
  }

  @Test
  void answersFastWhileEverythingIsIllAndQueuesWhereSomebodyIsMerelyFull() {
    LiveDispatcher both =
        Scene.dispatcher(
            Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(1, 1))));
    for (int i = 0; i < 3; i++) {
      Journey journey = journey(both, 0);
      assertThat(attempt(both.next(journey, 0)).deployment()).isEqualTo(HOME);
      both.failed(journey, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, 0);
      both.left(journey, 0);
    }
    Journey last = journey(both, SECOND);
    assertThat(attempt(both.next(last, SECOND)).deployment()).isEqualTo(PARTNER);

    assertThat(start(both, SECOND)).as("the partner is full").isInstanceOf(NextStep.Wait.class);
    assertThat(start(alone(Kind.UNREACHABLE), SECOND)).isInstanceOf(NextStep.NoCapacity.class);
  }

  private LiveDispatcher alone(Kind ill) {
    for (int i = 0; i < 3; i++) {
      fail(alone, ill, 0);
    }
    return alone;
  }

  private static Deployment context(int tokens) {
    Deployment like =
        Scene.deployment("c" + tokens, Scene.HOME_SITE, Scene.engines(1, 8), Price.FREE);
    return new Deployment(
        like.id(),
        like.site(),
        like.model(),
        null,
        like.capacity(),
        like.price(),
        like.speed(),
        tokens);
  }

  private Journey refused(LiveDispatcher at, @Nullable Duration retryAfter, long now) {
    Journey journey = journey(at, now);
    assertThat(attempt(at.next(journey, now)).deployment()).isEqualTo(HOME);
    at.failed(journey, 1, Scene.failure(Kind.RATE_LIMITED, retryAfter), NOTHING, now);
    return journey;
  }

  private void fail(LiveDispatcher at, Kind kind, long now) {
    Journey journey = journey(at, now);
    assertThat(attempt(at.next(journey, now)).deployment()).isEqualTo(HOME);
    at.failed(journey, 1, Scene.failure(kind, null), NOTHING, now);
    at.left(journey, now);
  }

  private NextStep start(LiveDispatcher at, long nowNanos) {
    return at.next(journey(at, nowNanos), nowNanos);
  }

  private Journey journey(LiveDispatcher at, long nowNanos) {
    Journey journey = Scene.journey(tenant, 100, nowNanos);
    at.admit(journey, nowNanos);
    return journey;
  }
}
