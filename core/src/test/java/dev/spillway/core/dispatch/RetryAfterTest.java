package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Period;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When one who finds nothing now is told to look again, in the waiting room and at the client. */
class RetryAfterTest {
  private static final Usage NOTHING = Scene.usage(0, 0);

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher alone =
      Scene.dispatcher(Scene.topology(Scene.home(Scene.engines(1, 64))));

  @Test
  void waitsNoLongerThanWasAskedHoweverLongAnswersTake() {
    answered(alone, 0, 20 * SECOND);
    long now = 20 * SECOND;
    Journey journey = refused(alone, Duration.ofSeconds(1), now);

    NextStep.Wait wait = (NextStep.Wait) alone.next(journey, now);
    alone.enqueue(journey, wait, now);
    List<NextStep> out = new ArrayList<>();
    long again = alone.release(now, (_, step) -> out.add(step));

    assertThat(wait.untilNanos() - now).isBetween(SECOND, SECOND + 10);
    assertThat(again - now).isBetween(SECOND, SECOND + 10);
  }

  @Test
  void saysNothingOfWhenWhereNobodyIsThere() {
    alone.presence(HOME, Presence.ABSENT, 0);

    NextStep.NoCapacity none = (NextStep.NoCapacity) alone.next(journey(alone, 0), 0);

    assertThat(none.retryAfter()).isZero();
  }

  @Test
  void goesByThoseWhoAreThere() {
    LiveDispatcher two = twoSites();
    Duration asked = Duration.ofHours(1);
    refused(two, asked, 0);
    two.presence(PARTNER, Presence.ABSENT, 0);

    NextStep.NoCapacity none = (NextStep.NoCapacity) two.next(journey(two, 0), 0);

    assertThat(none.retryAfter()).isEqualTo(asked);
  }

  @Test
  void saysNothingOfWhenWhereNobodyIsAllowedAnyMore() {
    Clause cap =
        new Clause.Cap(
            Scene.heading("microsoft-cap"),
            Scene.HOME_SITE.provider(),
            new NanoUsd(5_000_000),
            null,
            Period.MONTH);
    LiveDispatcher capped =
        Scene.dispatcher(
            Scene.topology(
                Scene.deployment("home", Scene.HOME_SITE, Scene.engines(1, 64), Scene.PRICE)),
            cap);
    Journey journey = journey(capped, 0);
    attempt(capped.next(journey, 0));
    capped.failed(journey, 1, Scene.failure(Kind.SERVER_ERROR, null), Scene.usage(2_000, 100), 0);

    NextStep.GiveUp over = (NextStep.GiveUp) capped.next(journey, 0);

    assertThat(over.failure().kind()).isEqualTo(Kind.SERVER_ERROR);
    assertThat(over.retryAfter()).isZero();
  }

  private static LiveDispatcher twoSites() {
    return Scene.dispatcher(
        Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64))));
  }

  private void answered(LiveDispatcher at, long from, long until) {
    Journey journey = journey(at, from);
    attempt(at.next(journey, from));
    at.firstContent(journey, 1, from + 100 * MILLI);
    at.finished(journey, 1, Scene.usage(100, 1_000), Pauses.NONE, until);
    at.left(journey, until);
  }

  private Journey refused(LiveDispatcher at, Duration retryAfter, long now) {
    Journey journey = journey(at, now);
    assertThat(attempt(at.next(journey, now)).deployment()).isEqualTo(HOME);
    at.failed(journey, 1, Scene.failure(Kind.RATE_LIMITED, retryAfter), NOTHING, now);
    return journey;
  }

  private Journey journey(LiveDispatcher at, long nowNanos) {
    Journey journey = Scene.journey(tenant, 100, nowNanos);
    at.admit(journey, nowNanos);
    return journey;
  }
}
