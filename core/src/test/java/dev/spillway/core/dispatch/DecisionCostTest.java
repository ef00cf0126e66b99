package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PRICE;
import static dev.spillway.core.dispatch.Scene.attempt;
import static dev.spillway.core.dispatch.Scene.chatgpt;
import static dev.spillway.core.dispatch.Scene.deployment;
import static dev.spillway.core.dispatch.Scene.dispatcher;
import static dev.spillway.core.dispatch.Scene.engines;
import static dev.spillway.core.dispatch.Scene.journey;
import static dev.spillway.core.dispatch.Scene.topology;
import static dev.spillway.core.dispatch.Scene.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.spillway.core.model.Deployment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionCostTest {
  private static final int TIMES = 2_000;
  private static final int MANY = 400;

  /** Of a request with its attempt, before the compiler has spared any of it. */
  private static final long MOST_BYTES = 8_192;

  @Test
  void aDecisionAmongManyLeavesNoMoreBehindThanOneAmongFew() {
    long few = bytesOfADecision(2);
    long many = bytesOfADecision(MANY);

    assertThat(many).as("bytes among %d, %d among 2", MANY, few).isLessThan(MOST_BYTES);
  }

  @Test
  void aForgottenDecisionHasNoVerdictsAndItsCopyKeepsThem() {
    LiveDispatcher dispatcher = dispatcher(topology(many(3)));
    Decision decision = decided(dispatcher, 0);
    Decision copy = decision.copy();

    decision.forget();

    assertThat(decision.verdicts()).isEmpty();
    assertThatThrownBy(() -> decision.verdicts().get(0)).isInstanceOf(IllegalStateException.class);
    assertThat(copy.verdicts()).hasSize(3);
    assertThat(copy.chosen()).isEqualTo(decision.chosen());
  }

  @Test
  void whatIsForgottenTwiceServesOnlyOneOther() {
    LiveDispatcher dispatcher = dispatcher(topology(many(3)));
    Decision decision = decided(dispatcher, 0);
    decision.forget();
    decision.forget();

    Decision second = decided(dispatcher, MILLI);
    List<Decision.Verdict> before = second.copy().verdicts();
    Decision third = decided(dispatcher, 9_000 * MILLI);

    assertThat(second.verdicts()).isEqualTo(before);
    assertThat(third.verdicts()).hasSize(3);
  }

  @Test
  void whatServedAnotherBeforeSaysNothingOfIt() {
    LiveDispatcher used = dispatcher(topology(many(3)));
    LiveDispatcher fresh = dispatcher(topology(many(3)));

    for (int i = 0; i < 100; i++) {
      Decision expected = decided(fresh, i * MILLI);
      Decision decision = decided(used, i * MILLI);

      assertThat(decision.copy()).isEqualTo(expected.copy());
      decision.forget();
    }
  }

  private static long bytesOfADecision(int deployments) {
    LiveDispatcher dispatcher = dispatcher(topology(many(deployments)));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    decide(dispatcher, 0);
    long before = threads.getCurrentThreadAllocatedBytes();
    decide(dispatcher, TIMES);
    return (threads.getCurrentThreadAllocatedBytes() - before) / TIMES;
  }

  private static void decide(LiveDispatcher dispatcher, int from) {
    for (int i = from; i < from + TIMES; i++) {
      decided(dispatcher, i * MILLI).forget();
    }
  }

  /** What was decided for a request that has come and gone. */
  private static Decision decided(LiveDispatcher dispatcher, long now) {
    Journey journey = journey(chatgpt(), 500, now);
    dispatcher.admit(journey, now);
    NextStep.Attempt made = attempt(dispatcher.next(journey, now));
    dispatcher.abandoned(journey, made.number(), usage(0, 0), now);
    dispatcher.left(journey, now);
    return made.decision();
  }

  private static Deployment[] many(int deployments) {
    return IntStream.range(0, deployments)
        .mapToObj(i -> deployment("chat-" + i, Scene.HOME_SITE, engines(1, 8), PRICE))
        .toArray(Deployment[]::new);
  }
}
