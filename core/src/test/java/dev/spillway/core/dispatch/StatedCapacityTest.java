package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.quota.Quota;
import dev.spillway.core.quota.Quota.Refill;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.routing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A provider states with an answer that it will refuse: it is not asked to. */
class StatedCapacityTest {
  private static final Capacity ON_DEMAND = new Capacity.OnDemand(64);
  private static final Capacity PROVISIONED = new Capacity.Provisioned(1, 600_000, 1);

  @Test
  void spillsWhatTheQuotaOfHomeHasNoRoomFor() {
    LiveDispatcher dispatcher = before(ON_DEMAND);
    answered(dispatcher, tokens(1_000), 0);

    NextStep large = start(dispatcher, 900, 0);
    NextStep small = start(dispatcher, 100, 0);

    assertThat(attempt(large).deployment()).as("900 + 256 tokens").isEqualTo(PARTNER);
    assertThat(ruleFor(large, HOME)).isEqualTo(Rule.QUOTA_TOO_SHORT);
    assertThat(large.decision().verdicts().get(HOME).toString()).contains("quota");
    assertThat(attempt(small).deployment()).isEqualTo(HOME);
  }

  @Test
  void isBackAtHomeWhenTheLimitIsReset() {
    LiveDispatcher dispatcher = before(ON_DEMAND);
    answered(dispatcher, requests(0), 0);

    assertThat(attempt(start(dispatcher, 100, 5 * SECOND - 1)).deployment()).isEqualTo(PARTNER);
    assertThat(attempt(start(dispatcher, 100, 5 * SECOND)).deployment()).isEqualTo(HOME);
  }

  @Test
  void spillsWhereHomeStatesThatItIsUsedToItsLimit() {
    LiveDispatcher dispatcher = before(PROVISIONED);
    answered(dispatcher, new StatedCapacity(null, null, 1.3), 0);

    NextStep spilled = start(dispatcher, 100, SECOND);

    assertThat(attempt(spilled).deployment()).isEqualTo(PARTNER);
    assertThat(ruleFor(spilled, HOME)).isEqualTo(Rule.UTILIZATION_FULL);
    assertThat(attempt(start(dispatcher, 100, 4 * SECOND)).deployment()).isEqualTo(HOME);
  }

  @Test
  void staysAtHomeWhereThereIsRoomByWhatIsStated() {
    LiveDispatcher dispatcher = before(PROVISIONED);
    answered(dispatcher, new StatedCapacity(limit(9), limit(9_000), 0.9), 0);

    assertThat(attempt(start(dispatcher, 100, 0)).deployment()).isEqualTo(HOME);
  }

  @Test
  void waitsForTheResetWhereNobodyElseIs() {
    LiveDispatcher alone = Scene.dispatcher(Scene.topology(Scene.home(ON_DEMAND)));
    answered(alone, requests(0), 0);

    NextStep.Wait wait = (NextStep.Wait) start(alone, 100, SECOND);

    assertThat(wait.where()).isEqualTo(NextStep.Where.WAITING_ROOM);
    assertThat(wait.untilNanos()).isCloseTo(5 * SECOND, within(10L));
  }

  @Test
  void keepsNothingForOneThatWaitsForTheReset() {
    LiveDispatcher alone = Scene.dispatcher(Scene.topology(Scene.home(ON_DEMAND)));
    answered(alone, tokens(1_000), 0);
    Journey large = waiting(alone, 900);
    Journey small = waiting(alone, 100);
    List<Journey> gone = new ArrayList<>();

    alone.release(SECOND, (journey, _) -> gone.add(journey));

    assertThat(gone).containsExactly(small);
    alone.release(5 * SECOND, (journey, _) -> gone.add(journey));
    assertThat(gone).containsExactly(small, large);
  }

  @Test
  void refusesWhoCannotWaitForTheReset() {
    LiveDispatcher alone = Scene.dispatcher(Scene.topology(Scene.home(ON_DEMAND)));
    answered(alone, requests(0), 0);
    Objective hurried =
        new Objective(Duration.ofSeconds(1), Duration.ofMillis(60), 0.995, Duration.ofSeconds(2));
    Journey journey = Scene.journey(Scene.chatgpt(), 100, 0, hurried);
    alone.admit(journey, 0);

    NextStep.NoCapacity none = (NextStep.NoCapacity) alone.next(journey, 0);

    assertThat(none.retryAfter()).isEqualTo(Duration.ofSeconds(5));
  }

  /** One request that home takes, and with its answer it states this. */
  private static void answered(LiveDispatcher dispatcher, StatedCapacity stated, long now) {
    Journey journey = Scene.journey(Scene.chatgpt(), 100, now);
    dispatcher.admit(journey, now);
    NextStep.Attempt made = attempt(dispatcher.next(journey, now));
    assertThat(made.deployment()).isEqualTo(HOME);
    dispatcher.stated(journey, made.number(), stated, now);
    dispatcher.firstContent(journey, made.number(), now);
    dispatcher.finished(journey, made.number(), Scene.usage(100, 200), Pauses.NONE, now);
    dispatcher.left(journey, now);
  }

  private static Journey waiting(LiveDispatcher at, long inputTokens) {
    Journey journey = Scene.journey(Scene.chatgpt(), inputTokens, SECOND);
    at.admit(journey, SECOND);
    NextStep.Wait wait = (NextStep.Wait) at.next(journey, SECOND);
    assertThat(at.enqueue(journey, wait, SECOND)).isInstanceOf(Admission.Queued.class);
    return journey;
  }

  private static NextStep start(LiveDispatcher at, long inputTokens, long now) {
    Journey journey = Scene.journey(Scene.chatgpt(), inputTokens, now);
    at.admit(journey, now);
    return at.next(journey, now);
  }

  private static LiveDispatcher before(Capacity home) {
    return Scene.dispatcher(Scene.topology(Scene.home(home), Scene.partner(Scene.engines(4, 64))));
  }

  private static StatedCapacity requests(long remaining) {
    return new StatedCapacity(limit(remaining), null, null);
  }

  private static StatedCapacity tokens(long remaining) {
    return new StatedCapacity(null, limit(remaining), null);
  }

  private static Quota limit(long remaining) {
    return new Quota(remaining, 10_000, 5 * SECOND, Refill.AT_ONCE);
  }
}
