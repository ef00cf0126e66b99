package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * How long a probe of one that is ill is waited for: another may go 10 s after it, and it is to be
 * gone by then.
 */
class ProbeLimitsTest {
  private static final Usage NOTHING = Scene.usage(0, 0);
  private static final long SENT = 6 * SECOND;
  private static final long NEXT = 16 * SECOND + 10 * MILLI;

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher alone =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));
  private final LiveDispatcher two = Scene.dispatcher(Scene.twoSites(1));

  @Test
  void aStreamedOneEndsBeforeAnotherGoes() {
    fallsIll(alone);

    NextStep.Limits limits = probe(alone, streamed(ReasoningEffort.UNSAID), SENT);

    assertThat(limits.firstContentNanos()).isEqualTo(9 * SECOND);
  }

  @Test
  void asDoesOneWhereThoseWhoCouldAnswerAreIll() {
    fallsIll(two);
    long later = 4 * SECOND; // so that nobody may go there yet
    for (int i = 0; i < 3; i++) {
      Journey journey = journey(two, streamed(ReasoningEffort.UNSAID), later);
      assertThat(attempt(two.next(journey, later)).deployment()).isEqualTo(PARTNER);
      two.failed(journey, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, later);
      two.left(journey, later);
    }

    NextStep.Limits limits = probe(two, streamed(ReasoningEffort.UNSAID), SENT);

    assertThat(limits.firstContentNanos()).isEqualTo(9 * SECOND);
  }

  @Test
  void oneThatIsNotAProbeHasItsUsualLimit() {
    Journey journey = journey(alone, streamed(ReasoningEffort.UNSAID), 0);

    assertThat(attempt(alone.next(journey, 0)).limits().firstContentNanos())
        .isEqualTo(Scene.OBJECTIVE.deadline().toNanos());
  }

  /**
   * Of which nobody knows how long it thinks: cut each time, it would never be found to be well.
   */
  @Test
  void oneThatThinksIsNotCut() {
    fallsIll(alone);

    NextStep.Limits limits = probe(alone, streamed(ReasoningEffort.HIGH), SENT);

    assertThat(limits.firstContentNanos()).isEqualTo(Scene.OBJECTIVE.deadline().toNanos());
  }

  @Test
  void norIsOneWhosePromptTakesLongerToRead() {
    fallsIll(alone);
    var shape = new RequestShape(90_000, 200, 0, RequestShape.Answer.STREAMED);

    NextStep.Limits limits = probe(alone, shape, SENT);

    assertThat(limits.firstContentNanos()).isEqualTo(Scene.OBJECTIVE.deadline().toNanos());
  }

  /** A long answer that comes whole is not cut; it holds nobody up who may find out sooner. */
  @Test
  void oneThatComesWholeHasAllItsTimeAndAnotherGoesBesideIt() {
    fallsIll(alone);
    long deadline = Scene.OBJECTIVE.deadline().toNanos();
    var whole = new RequestShape(100, 200, 0, RequestShape.Answer.WHOLE);

    NextStep.Limits limits = probe(alone, whole, SENT);

    assertThat(limits).isEqualTo(new NextStep.Limits(deadline, NextStep.Limits.NEVER, deadline));
    assertThat(alone.next(journey(alone, whole, NEXT - SECOND), NEXT - SECOND))
        .isInstanceOf(NextStep.NoCapacity.class);
    assertThat(alone.next(journey(alone, whole, NEXT), NEXT)).isInstanceOf(NextStep.Attempt.class);
    assertThat(alone.status(HOME, NEXT).inFlight()).isEqualTo(2);
  }

  @Test
  void allTrafficIsBack30SecondsAfterOneThatWasSwallowed() {
    fallsIll(two);
    Journey swallowed = journey(two, streamed(ReasoningEffort.UNSAID), SENT);
    NextStep.Attempt probe = attempt(two.next(swallowed, SENT));
    assertThat(probe.deployment()).isEqualTo(HOME);
    long givenUp = SENT + probe.limits().firstContentNanos();
    two.failed(swallowed, 1, Scene.failure(Kind.TIMED_OUT, null), NOTHING, givenUp);
    two.left(swallowed, givenUp);

    answered(two, NEXT);

    assertThat(two.status(HOME, NEXT + SECOND).breaker()).isEqualTo(BreakerState.CLOSED);
    for (int i = 0; i < 20; i++) {
      Journey journey = journey(two, streamed(ReasoningEffort.UNSAID), SENT + 30 * SECOND);
      assertThat(attempt(two.next(journey, SENT + 30 * SECOND)).deployment()).isEqualTo(HOME);
      two.abandoned(journey, 1, NOTHING, SENT + 30 * SECOND);
    }
  }

  @Test
  void saysToThoseItTurnsAwayWhenAnotherMayGo() {
    fallsIll(alone);
    probe(alone, streamed(ReasoningEffort.UNSAID), SENT);

    for (long later = 1; later <= 9; later++) {
      long now = SENT + later * SECOND;
      NextStep step = alone.next(journey(alone, streamed(ReasoningEffort.UNSAID), now), now);

      assertThat(((NextStep.NoCapacity) step).retryAfter())
          .isBetween(
              Duration.ofMillis(9_990 - later * 1_000), Duration.ofMillis(10_002 - later * 1_000));
    }
  }

  private NextStep.Limits probe(LiveDispatcher at, RequestShape shape, long now) {
    NextStep.Attempt made = attempt(at.next(journey(at, shape, now), now));
    assertThat(made.deployment()).isEqualTo(HOME);
    assertThat(at.status(HOME, now).breaker()).isEqualTo(BreakerState.HALF_OPEN);
    return made.limits();
  }

  /** Three find nobody. */
  private void fallsIll(LiveDispatcher at) {
    for (int i = 0; i < 3; i++) {
      Journey journey = journey(at, streamed(ReasoningEffort.UNSAID), 0);
      assertThat(attempt(at.next(journey, 0)).deployment()).isEqualTo(HOME);
      at.failed(journey, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, 0);
      at.left(journey, 0);
    }
    assertThat(at.status(HOME, 0).breaker()).isEqualTo(BreakerState.OPEN);
  }

  private void answered(LiveDispatcher at, long now) {
    Journey journey = journey(at, streamed(ReasoningEffort.UNSAID), now);
    assertThat(attempt(at.next(journey, now)).deployment()).isEqualTo(HOME);
    at.firstContent(journey, 1, now + 50 * MILLI);
    at.finished(journey, 1, Scene.usage(100, 5), Pauses.NONE, now + 90 * MILLI);
    at.left(journey, now + 90 * MILLI);
  }

  private Journey journey(LiveDispatcher at, RequestShape shape, long now) {
    Journey journey = Scene.journey(tenant, shape, now, Scene.OBJECTIVE);
    at.admit(journey, now);
    return journey;
  }

  private static RequestShape streamed(ReasoningEffort effort) {
    return new RequestShape(100, 200, 0, RequestShape.Answer.STREAMED, effort);
  }
}
