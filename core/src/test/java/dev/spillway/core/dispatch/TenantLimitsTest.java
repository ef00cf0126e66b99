package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.core.routing.Why;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The limits of a tenant, asked again at every attempt: here 1,000 tokens a minute. */
class TenantLimitsTest {
  private final Topology topology =
      Scene.topology(Scene.home(Scene.engines(1, 64)), Scene.partner(Scene.engines(4, 64)));
  private final LiveDispatcher dispatcher =
      new LiveDispatcher(topology, with(100), Scene.policy(topology, with(100)), Tuning.DEFAULT);

  @Test
  void lowerOnesHoldForTheNextAttemptOfOneThatIsIn() {
    Journey first = underWay(dispatcher);
    Journey second = underWay(dispatcher);
    LiveDispatcher lower = successor(1);
    breaksOff(lower, first);

    NextStep step = lower.next(first, SECOND);

    assertThat(step).isInstanceOf(NextStep.OverLimit.class);
    assertThat(((NextStep.OverLimit) step).rejection().reason())
        .isEqualTo(Admission.Reason.TOO_MANY_IN_FLIGHT);
    assertThat(step.decision().why()).isEqualTo(Why.TENANT_LIMIT);
    lower.left(first, SECOND);
    breaksOff(lower, second);
    assertThat(lower.next(second, SECOND)).as("alone by now").isInstanceOf(NextStep.Attempt.class);
  }

  @Test
  void lowerOnesTurnOutNoMoreThanThereAreTooMany() {
    Journey first = underWay(dispatcher);
    Journey second = underWay(dispatcher);
    LiveDispatcher lower = successor(1);
    breaksOff(lower, first);
    breaksOff(lower, second);

    assertThat(lower.next(first, SECOND)).isInstanceOf(NextStep.OverLimit.class);
    assertThat(lower.next(second, SECOND))
        .as("before it left")
        .isInstanceOf(NextStep.Attempt.class);
    lower.left(first, SECOND);
    assertThat(lower.admit(journey(), SECOND)).isInstanceOf(Admission.Rejected.class);
    lower.abandoned(second, 2, Scene.usage(0, 0), SECOND);
    lower.left(second, SECOND);
    assertThat(lower.admit(journey(), SECOND)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void lowerOnesHoldForASecondAttemptBesideALateOne() {
    Journey first = underWay(dispatcher);
    Journey second = underWay(dispatcher);
    LiveDispatcher lower = successor(1);

    assertThat(lower.hedge(first, SECOND)).isEmpty();

    lower.abandoned(second, 1, Scene.usage(0, 0), SECOND);
    lower.left(second, SECOND);
    assertThat(lower.hedge(first, SECOND)).as("alone by now").isPresent();
  }

  @Test
  void anAnswerThatHasBegunIsFinishedAllTheSame() {
    Journey first = underWay(dispatcher);
    underWay(dispatcher);
    LiveDispatcher lower = successor(1);
    lower.firstContent(first, 1, MILLI);
    breaksOff(lower, first);
    lower.resumeFrom(first, new Remainder(Scene.set(HOME, PARTNER), new Demand(100, 20)));

    assertThat(lower.next(first, SECOND)).isInstanceOf(NextStep.Attempt.class);
  }

  @Test
  void otherLimitsForgetNobodyWhoIsIn() {
    underWay(dispatcher);
    underWay(dispatcher);

    assertThat(successor(2).admit(journey(), SECOND)).isInstanceOf(Admission.Rejected.class);
    assertThat(successor(3).admit(journey(), SECOND)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void whatTheRestOfAnAnswerNeedsIsTakenWhenItIsAskedFor() {
    Journey journey = underWay(dispatcher);
    dispatcher.firstContent(journey, 1, MILLI);
    breaksOff(dispatcher, journey);
    assertThat(takesAnother()).isTrue();

    dispatcher.resumeFrom(journey, new Remainder(Scene.set(HOME, PARTNER), new Demand(900, 100)));
    attempt(dispatcher.next(journey, SECOND));

    assertThat(takesAnother()).isFalse();
    dispatcher.abandoned(journey, 2, Scene.usage(0, 0), SECOND);
    dispatcher.left(journey, SECOND);
    assertThat(takesAnother()).as("it was not used").isTrue();
  }

  private boolean takesAnother() {
    Journey another = journey();
    boolean taken = dispatcher.admit(another, SECOND) instanceof Admission.Admitted;
    if (taken) {
      dispatcher.left(another, SECOND);
    }
    return taken;
  }

  private LiveDispatcher successor(int concurrency) {
    List<Tenant> tenants = with(concurrency);
    return dispatcher.successor(
        topology, tenants, Scene.policy(topology, tenants), Tuning.DEFAULT, Changes.NONE);
  }

  private static Journey underWay(LiveDispatcher at) {
    Journey journey = journey();
    assertThat(at.admit(journey, 0)).isInstanceOf(Admission.Admitted.class);
    attempt(at.next(journey, 0));
    return journey;
  }

  private static void breaksOff(LiveDispatcher at, Journey journey) {
    at.failed(journey, 1, Scene.failure(Kind.STREAM_BROKEN, null), Scene.usage(0, 0), 2 * MILLI);
  }

  private static Journey journey() {
    var shape = new RequestShape(90, 20, 0, RequestShape.Answer.STREAMED);
    return Scene.journey(with(1).getFirst(), shape, 0, Scene.OBJECTIVE);
  }

  private static List<Tenant> with(int concurrency) {
    TenantLimits limits = new TenantLimits(1_000_000, 1_000, concurrency);
    return List.of(Scene.tenant("chatgpt", Priority.NORMAL, limits));
  }
}
