package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.ruleFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.quota.Quota;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Presence;
import dev.spillway.core.routing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A configuration gives home another capacity: how well home is stays known. */
class ResizedTest {
  private static final Usage NOTHING = Scene.usage(0, 0);
  private static final int UNREACHABLE_UNTIL_ILL = 3;
  private static final DeploymentId CHAT_HOME = Scene.home(Scene.engines(1, 1)).id();

  private final Tenant tenant = Scene.chatgpt();
  private final LiveDispatcher dispatcher =
      Scene.dispatcher(topology(Scene.home(Scene.engines(4, 64))));

  @Test
  void keepsItsBreakerOpen() {
    fallsIll(start(UNREACHABLE_UNTIL_ILL));

    LiveDispatcher resized = resized(Changes.NONE);

    assertThat(resized.status(HOME, SECOND).breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(resized.status(HOME, SECOND).replicas()).as("the new capacity").isEqualTo(2);
    assertThat(attempt(next(resized, SECOND)).deployment()).isEqualTo(PARTNER);
  }

  @Test
  void leavesItAloneForAsLongAsItAsked() {
    Journey refused = start(1).getFirst();
    dispatcher.failed(
        refused, 1, Scene.failure(Kind.RATE_LIMITED, Duration.ofSeconds(30)), NOTHING, 0);

    LiveDispatcher resized = resized(Changes.of(Set.of(CHAT_HOME)));

    assertThat(ruleFor(next(resized, 29 * SECOND), HOME)).isEqualTo(Rule.ASKED_TO_WAIT);
    assertThat(attempt(next(resized, 30 * SECOND)).deployment()).isEqualTo(HOME);
  }

  @Test
  void hearsOfAttemptsThatBeganBefore() {
    List<Journey> underWay = start(UNREACHABLE_UNTIL_ILL);
    LiveDispatcher resized = resized(Changes.NONE);
    assertThat(attempt(next(resized, 0)).deployment()).isEqualTo(HOME);

    fallsIll(underWay);

    assertThat(attempt(next(resized, SECOND)).deployment()).isEqualTo(PARTNER);
  }

  @Test
  void keepsToWhatItStatedAndToWhetherAnybodyIsThere() {
    Journey journey = start(1).getFirst();
    Quota none = new Quota(0, 10, 9 * SECOND, Quota.Refill.AT_ONCE);
    dispatcher.stated(journey, 1, new StatedCapacity(none, null, null), 0);
    assertThat(ruleFor(next(resized(Changes.NONE), SECOND), HOME)).isEqualTo(Rule.QUOTA_USED_UP);

    dispatcher.presence(HOME, Presence.ABSENT, SECOND);

    assertThat(ruleFor(next(resized(Changes.NONE), SECOND), HOME)).isEqualTo(Rule.OFFLINE);
  }

  @Test
  void knowsNothingOfOneThatIsAskedElsewhere() {
    fallsIll(start(UNREACHABLE_UNTIL_ILL));

    LiveDispatcher moved = resized(new Changes(Set.of(CHAT_HOME), Set.of(CHAT_HOME)));
    Deployment atPartner =
        Scene.deployment("chat-home", Scene.PARTNER_SITE, Scene.engines(2, 64), Price.FREE);
    LiveDispatcher atAnotherSite = successor(topology(atPartner), Changes.NONE);

    assertThat(attempt(next(moved, SECOND)).deployment()).isEqualTo(HOME);
    assertThat(attempt(next(atAnotherSite, SECOND)).deployment()).isEqualTo(HOME);
  }

  @Test
  void knowsNothingOfOneThatIsAskedElsewhereWithWhatItHad() {
    Journey refused = start(1).getFirst();
    dispatcher.failed(
        refused, 1, Scene.failure(Kind.RATE_LIMITED, Duration.ofSeconds(30)), NOTHING, 0);

    Topology same = topology(Scene.home(Scene.engines(4, 64)));
    LiveDispatcher moved = successor(same, new Changes(Set.of(CHAT_HOME), Set.of(CHAT_HOME)));

    assertThat(ruleFor(next(dispatcher, SECOND), HOME)).isEqualTo(Rule.ASKED_TO_WAIT);
    assertThat(attempt(next(moved, SECOND)).deployment()).isEqualTo(HOME);
  }

  private List<Journey> start(int requests) {
    List<Journey> started = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Journey journey = Scene.journey(tenant, 100, 0);
      dispatcher.admit(journey, 0);
      assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isEqualTo(HOME);
      started.add(journey);
    }
    return started;
  }

  private void fallsIll(List<Journey> underWay) {
    for (Journey each : underWay) {
      dispatcher.failed(each, 1, Scene.failure(Kind.UNREACHABLE, null), NOTHING, 0);
    }
  }

  private NextStep next(LiveDispatcher at, long now) {
    Journey journey = Scene.journey(tenant, 100, now);
    at.admit(journey, now);
    return at.next(journey, now);
  }

  private LiveDispatcher resized(Changes changes) {
    return successor(topology(Scene.home(Scene.engines(2, 64))), changes);
  }

  private LiveDispatcher successor(Topology next, Changes changes) {
    return dispatcher.successor(
        next, List.of(tenant), Scene.policy(next, List.of(tenant)), Tuning.DEFAULT, changes);
  }

  private static Topology topology(Deployment home) {
    return Scene.topology(home, Scene.partner(Scene.engines(4, 64)));
  }
}
