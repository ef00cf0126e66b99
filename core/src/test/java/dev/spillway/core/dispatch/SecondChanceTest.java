package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Usage;
import dev.spillway.core.retry.AttemptFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** At the only deployment there is, one failure is forgiven, and no refusal counts as one. */
class SecondChanceTest {
  private static final Usage NOTHING = Scene.usage(0, 0);

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher alone =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));
  private final Journey journey = journey();

  @Test
  void waitsOutTheRefusalOfItsSecondChance() {
    breaks(1, 0);
    NextStep.Wait backoff = (NextStep.Wait) alone.next(journey, 0);
    long second = backoff.untilNanos();
    attempt(alone.next(journey, second));
    refuses(2, second);

    NextStep.Wait wait = (NextStep.Wait) alone.next(journey, second);

    assertThat(wait.where()).isEqualTo(NextStep.Where.WAITING_ROOM);
    assertThat(wait.untilNanos() - second).isBetween(SECOND, SECOND + 10);
    assertThat(attempt(alone.next(journey, wait.untilNanos())).number()).isEqualTo(3);
  }

  @Test
  void hasItAfterARefusal() {
    attempt(alone.next(journey, 0));
    refuses(1, 0);
    attempt(alone.next(journey, SECOND));
    fails(2, SECOND);

    NextStep.Wait backoff = (NextStep.Wait) alone.next(journey, SECOND);

    assertThat(backoff.where()).isEqualTo(NextStep.Where.BACKOFF);
    assertThat(attempt(alone.next(journey, backoff.untilNanos())).number()).isEqualTo(3);
  }

  @Test
  void hasNoThirdWhateverWasRefusedInBetween() {
    breaks(1, 0);
    long second = ((NextStep.Wait) alone.next(journey, 0)).untilNanos();
    attempt(alone.next(journey, second));
    refuses(2, second);
    attempt(alone.next(journey, second + SECOND));
    fails(3, second + SECOND);

    NextStep over = alone.next(journey, second + SECOND);

    assertThat(((NextStep.GiveUp) over).failure().kind()).isEqualTo(Kind.SERVER_ERROR);
  }

  /** Each retry is paid for by the deployment that bears it. */
  @Test
  void hasItAtOneOfThoseWhereItFailed() {
    LiveDispatcher two = Scene.dispatcher(Scene.twoSites(1));
    Journey failing = Scene.admitted(two, 100, 0);
    long now = 0;
    int attempts = 0;
    NextStep step = two.next(failing, now);
    while (!(step instanceof NextStep.GiveUp)) {
      if (step instanceof NextStep.Attempt made) {
        attempts++;
        two.failed(failing, made.number(), Scene.failure(Kind.SERVER_ERROR, null), NOTHING, now);
      } else {
        now = ((NextStep.Wait) step).untilNanos();
      }
      step = two.next(failing, now);
    }

    assertThat(attempts).isEqualTo(3);
  }

  /** It may say 503 and when to come back: others are served then, and so is this one. */
  @Test
  void hasItWhenTheTimeIsOverThatTheFailureAskedFor() {
    attempt(alone.next(journey, 0));
    Duration asked = Duration.ofSeconds(2);
    alone.failed(journey, 1, Scene.failure(Kind.OVERLOADED, asked), NOTHING, 0);

    NextStep.Wait backoff = (NextStep.Wait) alone.next(journey, 0);

    assertThat(backoff.untilNanos()).isEqualTo(2 * SECOND);
    assertThat(attempt(alone.next(journey, backoff.untilNanos())).number()).isEqualTo(2);
  }

  @Test
  void hasItInLineWhereTheRoomWasTakenInTheMeantime() {
    LiveDispatcher narrow = Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 1))));
    Journey failed = Scene.admitted(narrow, 100, 0);
    Journey other = Scene.admitted(narrow, 100, 0);
    attempt(narrow.next(failed, 0));
    NextStep.Wait inLine = (NextStep.Wait) narrow.next(other, 0);
    narrow.enqueue(other, inLine, 0);
    narrow.failed(failed, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, 0);
    narrow.release(0, (_, step) -> attempt(step));

    NextStep.Wait backoff = (NextStep.Wait) narrow.next(failed, 0);
    NextStep.Wait line = (NextStep.Wait) narrow.next(failed, backoff.untilNanos());

    assertThat(backoff.where()).isEqualTo(NextStep.Where.BACKOFF);
    assertThat(line.where()).isEqualTo(NextStep.Where.WAITING_ROOM);
  }

  @Test
  void hasItWhereTheDeploymentCameBackAMomentAgo() {
    for (int i = 0; i < 3; i++) {
      Journey ill = Scene.admitted(alone, 100, 0);
      attempt(alone.next(ill, 0));
      alone.failed(ill, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, 0);
      alone.left(ill, 0);
    }
    long open = 20 * SECOND;
    Journey probe = Scene.admitted(alone, 100, open);
    attempt(alone.next(probe, open));
    alone.firstContent(probe, 1, open);
    long ramping = open + SECOND;

    for (int i = 0; i < 12; i++) {
      Journey each = Scene.admitted(alone, 100, ramping);
      attempt(alone.next(each, ramping));
      if (i % 4 == 3) { // few of so many that its breaker stays closed
        alone.failed(each, 1, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, ramping);
        NextStep.Wait backoff = (NextStep.Wait) alone.next(each, ramping);

        assertThat(attempt(alone.next(each, backoff.untilNanos())).number()).isEqualTo(2);
        alone.firstContent(each, 2, backoff.untilNanos());
      } else {
        alone.firstContent(each, 1, ramping);
      }
    }
  }

  private void breaks(int number, long now) {
    assertThat(attempt(alone.next(journey, now)).number()).isEqualTo(number);
    fails(number, now);
  }

  private void fails(int number, long now) {
    alone.failed(journey, number, Scene.failure(Kind.SERVER_ERROR, null), NOTHING, now);
  }

  private void refuses(int number, long now) {
    Duration asked = Duration.ofSeconds(1);
    alone.failed(journey, number, Scene.failure(Kind.RATE_LIMITED, asked), NOTHING, now);
  }

  private Journey journey() {
    Journey made = Scene.journey(tenant, 100, 0);
    alone.admit(made, 0);
    return made;
  }
}
