package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Why;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second attempt beside a late first one. */
class HedgeTest {
  private static final Usage NOTHING = Scene.usage(0, 0);

  private final Tenant tenant = Scene.chatgpt();
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 8)), Scene.partner(Scene.engines(4, 64)));
  private final LiveDispatcher dispatcher = Scene.dispatcher(topology);

  @Test
  void runsASecondAttemptElsewhereWhenTheFirstIsLate() {
    Journey journey = journey(dispatcher, 0);
    NextStep.Attempt first = attempt(dispatcher.next(journey, 0));
    long late = first.limits().hedgeAfterNanos();

    NextStep.Attempt hedge = dispatcher.hedge(journey, late).orElseThrow();

    assertThat(first.deployment()).isEqualTo(HOME);
    assertThat(late).isBetween(50 * MILLI, SECOND);
    assertThat(hedge.number()).isEqualTo(2);
    assertThat(hedge.deployment()).isEqualTo(PARTNER);
    assertThat(hedge.decision().why()).isEqualTo(Why.HEDGE);
    assertThat(ruleFor(hedge, HOME)).isEqualTo(Rule.UNDER_WAY);
    assertThat(journey.decisions()).hasSize(2);
    assertThat(dispatcher.status(PARTNER, late).inFlight()).isEqualTo(1);
  }

  @Test
  void givesBackWhatTheLoserHeldAndKeepsTheWinner() {
    Journey journey = journey(dispatcher, 0);
    attempt(dispatcher.next(journey, 0));
    assertThat(dispatcher.hedge(journey, SECOND)).isPresent();

    dispatcher.firstContent(journey, 2, SECOND + 50 * MILLI);
    dispatcher.abandoned(journey, 1, NOTHING, SECOND + 50 * MILLI);
    dispatcher.finished(journey, 2, Scene.usage(100, 20), new Pauses(11 * MILLI, 0), 2 * SECOND);
    dispatcher.left(journey, 2 * SECOND);

    assertThat(dispatcher.status(HOME, 2 * SECOND).inFlight()).isZero();
    assertThat(dispatcher.status(HOME, 2 * SECOND).queuedInputTokens()).isZero();
    assertThat(dispatcher.status(PARTNER, 2 * SECOND).inFlight()).isZero();
  }

  @Test
  void goesOnWithTheOtherWhenOneFailsAndAsksAgainWhenBothHave() {
    Journey journey = journey(dispatcher, 0);
    dispatcher.next(journey, 0);
    assertThat(dispatcher.hedge(journey, SECOND)).isPresent();

    dispatcher.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, SECOND);
    assertThatThrownBy(() -> dispatcher.next(journey, SECOND))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chat-oci");
    dispatcher.failed(journey, 2, Scene.failure(Kind.BAD_ANSWER, null), NOTHING, SECOND);
    NextStep.Wait backoff = (NextStep.Wait) dispatcher.next(journey, SECOND);

    assertThat(attempt(dispatcher.next(journey, backoff.untilNanos())).deployment())
        .isEqualTo(HOME);
  }

  @Test
  void doesNotHedgeWhatHasContentOrIsOver() {
    Journey journey = journey(dispatcher, 0);
    dispatcher.next(journey, 0);
    dispatcher.firstContent(journey, 1, 30 * MILLI);

    assertThat(dispatcher.hedge(journey, SECOND)).isEmpty();
    dispatcher.finished(journey, 1, Scene.usage(100, 10), Pauses.NONE, SECOND);
    assertThat(dispatcher.hedge(journey, SECOND)).isEmpty();
  }

  @Test
  void hedgesNoMoreThanOnce() {
    Journey journey = journey(dispatcher, 0);
    dispatcher.next(journey, 0);
    assertThat(dispatcher.hedge(journey, SECOND)).isPresent();

    assertThat(dispatcher.hedge(journey, 2 * SECOND)).isEmpty();
  }

  @Test
  void doesNotHedgeWhereTheOtherWouldNotBeSooner() {
    Topology far =
        Scene.topology(Scene.home(Scene.engines(1, 8)), Scene.partner(Scene.engines(1, 64)));
    LiveDispatcher busy = Scene.dispatcher(far);
    for (int i = 0; i < 40; i++) {
      busy.next(journey(busy, 0), 0); // fills home, and puts prompts before the partner
    }
    Journey journey = journey(busy, 0);
    attempt(busy.next(journey, 0));

    assertThat(busy.hedge(journey, 10 * MILLI)).isEmpty();
  }

  @Test
  void doesNotHedgeAnAnswerThatComesWhole() {
    var shape = new RequestShape(100, 200, 0, RequestShape.Answer.WHOLE);
    Journey journey = Scene.journey(tenant, shape, 0, Scene.OBJECTIVE);
    dispatcher.admit(journey, 0);

    NextStep.Attempt first = attempt(dispatcher.next(journey, 0));

    long deadline = Scene.OBJECTIVE.deadline().toNanos();
    assertThat(first.limits())
        .isEqualTo(new NextStep.Limits(deadline, NextStep.Limits.NEVER, deadline));
    assertThat(dispatcher.hedge(journey, SECOND)).isEmpty();
  }

  @Test
  void hedgesOnlyWhereTheContractAllows() {
    Clause atHome =
        new Clause.WorkloadPlacement(
            Scene.heading("chat-at-home"),
            WorkloadClass.ONLINE_INFERENCE,
            List.of(Scene.HOME_SITE.id()));
    LiveDispatcher strict = Scene.dispatcher(topology, atHome);
    Journey journey = journey(strict, 0);

    NextStep.Attempt first = attempt(strict.next(journey, 0));

    assertThat(first.limits().hedgeAfterNanos()).isEqualTo(NextStep.Limits.NEVER);
    assertThat(strict.hedge(journey, SECOND)).isEmpty();
  }

  @Test
  void hedgesFiveInAHundredOnceTheReserveIsUsedUp() {
    int hedged = 0;
    for (int i = 0; i < 1_000; i++) {
      long now = 2 * SECOND * i;
      Journey journey = journey(dispatcher, now);
      NextStep.Attempt first = attempt(dispatcher.next(journey, now));
      boolean second = dispatcher.hedge(journey, now + SECOND).isPresent();
      hedged += second ? 1 : 0;
      if (second) {
        dispatcher.abandoned(journey, 2, NOTHING, now + SECOND);
      }
      dispatcher.firstContent(journey, first.number(), now + SECOND + 1);
      dispatcher.finished(journey, 1, Scene.usage(100, 1), Pauses.NONE, now + SECOND + 1);
      dispatcher.left(journey, now + SECOND + 1);
    }

    assertThat(hedged).isBetween(50, 60);
  }

  @Test
  void doesNotHedgeIntoRoomThatOthersWaitFor() {
    Topology small =
        Scene.topology(Scene.home(Scene.engines(1, 1)), Scene.partner(Scene.engines(1, 1)));
    LiveDispatcher full = Scene.dispatcher(small);
    Journey first = journey(full, 0);
    Journey second = journey(full, 0);
    full.next(first, 0);
    full.next(second, 0);
    Journey waits = journey(full, 0);
    full.enqueue(waits, (NextStep.Wait) full.next(waits, 0), 0);
    full.finished(second, 1, Scene.usage(100, 1), Pauses.NONE, SECOND);

    assertThat(full.hedge(first, SECOND)).isEmpty();
  }

  private Journey journey(LiveDispatcher at, long nowNanos) {
    Journey journey = Scene.journey(tenant, 100, nowNanos);
    at.admit(journey, nowNanos);
    return journey;
  }
}
