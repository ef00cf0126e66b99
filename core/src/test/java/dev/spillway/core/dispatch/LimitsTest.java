package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long an attempt is waited for, and what changes it. */
class LimitsTest {
  private static final Usage NOTHING = Scene.usage(0, 0);
  private static final Objective PATIENT =
      new Objective(Duration.ofSeconds(1), Duration.ofMillis(60), 0.99, Duration.ofSeconds(300));

  private final Tenant tenant = Scene.chatgpt();
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64)));
  private final LiveDispatcher dispatcher = Scene.dispatcher(topology);

  @Test
  void aRequestThatThinksGetsTheCeilingAndNoHedgeUntilSomeAnswersWereSeen() {
    NextStep.Limits limits = limits(ReasoningEffort.HIGH, 0);

    assertThat(limits.firstContentNanos()).isEqualTo(30 * SECOND);
    assertThat(limits.hedgeAfterNanos()).isEqualTo(NextStep.Limits.NEVER);
    assertThat(limits.stallNanos()).isEqualTo(30 * SECOND);
  }

  @Test
  void learnsHowLongEachEffortThinks() {
    for (int i = 0; i < 200; i++) {
      answer(ReasoningEffort.LOW, 10 * SECOND * i, 2_000 * MILLI, 100 * MILLI);
    }

    NextStep.Limits low = limits(ReasoningEffort.LOW, 3_000 * SECOND);
    NextStep.Limits high = limits(ReasoningEffort.HIGH, 3_000 * SECOND);

    assertThat(low.hedgeAfterNanos()).isBetween(1_500 * MILLI, 4 * SECOND);
    assertThat(low.firstContentNanos()).isBetween(6 * SECOND, 16 * SECOND);
    assertThat(high.firstContentNanos()).as("of another effort").isEqualTo(30 * SECOND);
  }

  @Test
  void learnsHowLongAnAnswerMayPauseWithinFloorAndCeiling() {
    for (int i = 0; i < 200; i++) {
      answer(ReasoningEffort.UNSAID, 10 * SECOND * i, 50 * MILLI, 20 * MILLI);
      answer(ReasoningEffort.MAX, 10 * SECOND * i, 50 * MILLI, 3 * SECOND);
      answer(ReasoningEffort.LOW, 10 * SECOND * i, 50 * MILLI, 60 * SECOND);
    }

    assertThat(limits(ReasoningEffort.UNSAID, 3_000 * SECOND).stallNanos()).isEqualTo(5 * SECOND);
    assertThat(limits(ReasoningEffort.MAX, 3_000 * SECOND).stallNanos())
        .isBetween(9 * SECOND, 20 * SECOND);
    assertThat(limits(ReasoningEffort.LOW, 3_000 * SECOND).stallNanos()).isEqualTo(30 * SECOND);
  }

  @Test
  void widensALimitThatTurnsOutTooShort() {
    for (int i = 0; i < 30; i++) {
      answer(ReasoningEffort.UNSAID, i * SECOND, 50 * MILLI, 20 * MILLI);
    }
    long before = limits(ReasoningEffort.UNSAID, 100 * SECOND).hedgeAfterNanos();
    for (int i = 0; i < 5; i++) {
      long now = 100 * SECOND + 10 * SECOND * i;
      Journey journey = journey(ReasoningEffort.UNSAID, now);
      attempt(dispatcher.next(journey, now));
      dispatcher.failed(journey, 1, Scene.failure(Kind.TIMED_OUT, null), NOTHING, now + 5 * SECOND);
      dispatcher.left(journey, now + 5 * SECOND);
    }

    assertThat(limits(ReasoningEffort.UNSAID, 200 * SECOND).hedgeAfterNanos())
        .isGreaterThan(before);
  }

  @Test
  void letsAnswersPauseForLongerWhereTheyWereCutInAPause() {
    for (int i = 0; i < 20; i++) {
      answer(ReasoningEffort.UNSAID, 10 * SECOND * i, 50 * MILLI, 200 * MILLI);
    }
    long before = limits(ReasoningEffort.UNSAID, 300 * SECOND).stallNanos();
    for (int i = 0; i < 40; i++) { // a quarter of them pause for longer than they may
      long now = 400 * SECOND + i * (100 * SECOND);
      for (int whole = 0; whole < 3; whole++) {
        answer(ReasoningEffort.UNSAID, now + whole * (10 * SECOND), 50 * MILLI, 200 * MILLI);
      }
      stalls(ReasoningEffort.UNSAID, now + 40 * SECOND);
    }

    assertThat(before).isEqualTo(5 * SECOND);
    assertThat(limits(ReasoningEffort.UNSAID, 5_000 * SECOND).stallNanos())
        .isBetween(10 * SECOND, 30 * SECOND);
  }

  @Test
  void waitsUpToTheCeilingWhereThoseWhoCouldAnswerAreIll() {
    for (int i = 0; i < 3; i++) {
      Journey journey = journey(ReasoningEffort.UNSAID, 0);
      attempt(dispatcher.next(journey, 0));
      dispatcher.failed(journey, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, 0);
      dispatcher.left(journey, 0);
    }

    NextStep.Attempt elsewhere = attempt(dispatcher.next(journey(ReasoningEffort.UNSAID, 0), 0));

    assertThat(elsewhere.deployment()).isNotEqualTo(HOME);
    assertThat(elsewhere.limits().firstContentNanos()).isEqualTo(30 * SECOND);
    assertThat(elsewhere.limits().hedgeAfterNanos()).isEqualTo(NextStep.Limits.NEVER);
  }

  @Test
  void waitsUpToTheCeilingWhereTheOnlyOtherFailedOnce() {
    Journey journey = journey(ReasoningEffort.UNSAID, 0);
    attempt(dispatcher.next(journey, 0));
    dispatcher.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, 0);

    NextStep.Attempt elsewhere = attempt(dispatcher.next(journey, 0));

    assertThat(elsewhere.deployment()).isNotEqualTo(HOME);
    assertThat(elsewhere.limits().firstContentNanos()).isEqualTo(30 * SECOND);
    assertThat(elsewhere.limits().hedgeAfterNanos()).isEqualTo(NextStep.Limits.NEVER);
  }

  @Test
  void waitsUpToTheDeadlineWhereTheOnlyOtherIsNotAskedAgain() {
    Journey journey = journey(ReasoningEffort.UNSAID, 0);
    attempt(dispatcher.next(journey, 0));
    dispatcher.failed(journey, 1, Scene.failure(Kind.TIMED_OUT, null), NOTHING, 0);

    NextStep.Attempt elsewhere = attempt(dispatcher.next(journey, 0));

    assertThat(elsewhere.limits().firstContentNanos()).isEqualTo(300 * SECOND);
  }

  @Test
  void waitsUpToTheCeilingForAHedge() {
    Journey journey = journey(ReasoningEffort.UNSAID, 0);
    attempt(dispatcher.next(journey, 0));

    NextStep.Attempt hedge = dispatcher.hedge(journey, SECOND).orElseThrow();

    assertThat(hedge.limits().firstContentNanos()).isEqualTo(30 * SECOND);
  }

  private NextStep.Limits limits(ReasoningEffort effort, long now) {
    Journey journey = journey(effort, now);
    NextStep.Attempt made = attempt(dispatcher.next(journey, now));
    dispatcher.abandoned(journey, 1, NOTHING, now);
    dispatcher.left(journey, now);
    assertThat(made.deployment()).isEqualTo(HOME);
    return made.limits();
  }

  private void answer(ReasoningEffort effort, long now, long ttft, long gap) {
    Journey journey = journey(effort, now);
    attempt(dispatcher.next(journey, now));
    dispatcher.firstContent(journey, 1, now + ttft);
    Pauses pauses = new Pauses(gap, 0);
    dispatcher.finished(journey, 1, Scene.usage(100, 5), pauses, now + ttft + 40 * MILLI);
    dispatcher.left(journey, now + ttft + 40 * MILLI);
  }

  private void stalls(ReasoningEffort effort, long now) {
    Journey journey = journey(effort, now);
    NextStep.Attempt made = attempt(dispatcher.next(journey, now));
    dispatcher.firstContent(journey, 1, now + 50 * MILLI);
    long silent = now + 50 * MILLI + made.limits().stallNanos();
    dispatcher.failed(journey, 1, Scene.failure(Kind.STALLED, null), Scene.usage(100, 5), silent);
    dispatcher.left(journey, silent);
  }

  private Journey journey(ReasoningEffort effort, long now) {
    var shape = new RequestShape(100, 200, 0, RequestShape.Answer.STREAMED, effort);
    Journey journey = Scene.journey(tenant, shape, now, PATIENT);
    dispatcher.admit(journey, now);
    return journey;
  }
}
