package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.SECOND;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.admission.RoomTuning;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.retry.AttemptFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who waits for whom: those only who could go to the same deployments. */
class WaitingOrderTest {
  private static final int SHORT = 0;
  private static final int LONG = 1;
  private static final Usage NOTHING = Scene.usage(0, 0);

  private final Tenant tenant = Scene.chatgpt();
  private final List<NextStep> out = new ArrayList<>();

  @Test
  void oneThatIsTooLongForOthersHoldsUpNobodyWhoFitsThere() {
    LiveDispatcher dispatcher = contexts(Scene.engines(1, 1), Scene.engines(1, 1));
    Journey running = goes(dispatcher, 60_000, LONG);
    Journey waits = waits(dispatcher, 60_000);

    waits(dispatcher, 1_000);
    release(dispatcher);

    assertThat(out).extracting(step -> attempt(step).deployment()).containsExactly(SHORT);
    end(dispatcher, running);
    release(dispatcher);
    assertThat(attempt(out.getLast()).deployment()).isEqualTo(LONG);
    assertThat(waits.decisions().getLast()).isEqualTo(out.getLast().decision());
  }

  @Test
  void noSmallOneTakesTheRoomForWhichALargeOneWaits() {
    LiveDispatcher dispatcher = contexts(Scene.engines(1, 1), Scene.engines(1, 8));
    List<Journey> large = new ArrayList<>();
    for (int i = 0; i < 3; i++) { // of the 320,000 tokens that are planned with
      large.add(goes(dispatcher, 90_000, LONG));
    }
    Journey small = goes(dispatcher, 1_000, SHORT);
    waits(dispatcher, 60_000);

    waits(dispatcher, 1_000);
    release(dispatcher);
    assertThat(out).as("there is room for 1,000 tokens, which is kept").isEmpty();

    end(dispatcher, small);
    release(dispatcher);
    assertThat(out).extracting(step -> attempt(step).deployment()).containsExactly(SHORT);
    end(dispatcher, large.getFirst());
    release(dispatcher);
    assertThat(attempt(out.getLast()).deployment()).isEqualTo(LONG);
  }

  @Test
  void oneOfWhichADeploymentKeepsTheResponseHoldsUpNobodyElse() {
    LiveDispatcher dispatcher = contexts(Scene.engines(1, 2), Scene.engines(1, 1));
    goes(dispatcher, 60_000, LONG);
    Journey pinned = journey(100, Set.of(new DeploymentId("long")));
    enqueue(dispatcher, pinned);

    waits(dispatcher, 1_000);
    release(dispatcher);

    assertThat(out).extracting(step -> attempt(step).deployment()).containsExactly(SHORT);
  }

  @Test
  void oneThatFailedElsewhereHoldsUpNobodyWhoMayGoThere() {
    LiveDispatcher dispatcher = contexts(Scene.engines(1, 8), Scene.engines(1, 8));
    Journey failed = goes(dispatcher, 1_000, SHORT);
    dispatcher.failed(
        failed, 1, Scene.failure(Kind.RATE_LIMITED, Duration.ofSeconds(60)), NOTHING, 0);
    assertThat(attempt(dispatcher.next(failed, 0)).deployment()).isEqualTo(LONG);
    dispatcher.failed(failed, 2, Scene.failure(Kind.TIMED_OUT, null), NOTHING, 0);
    NextStep.Wait wait = (NextStep.Wait) dispatcher.next(failed, 0);
    dispatcher.enqueue(failed, wait, 0);

    for (int i = 0; i < 3; i++) {
      waits(dispatcher, 1_000);
    }
    release(dispatcher);

    assertThat(out)
        .extracting(step -> attempt(step).deployment())
        .containsExactly(LONG, LONG, LONG);
    assertThat(dispatcher.waiting()).isEqualTo(1);
  }

  @Test
  void noTenantGetsMorePlacesByAskingForThisAndThat() {
    Topology topology = deployments(Scene.engines(1, 1), Scene.engines(1, 1));
    Tenant other = Scene.tenant("other", Priority.NORMAL, TenantLimits.NONE);
    List<Tenant> tenants = List.of(tenant, other);
    Tuning tuning =
        new Tuning(
            Tuning.DEFAULT.deployment(),
            new RoomTuning(8, 1_000_000, 4_000, 10),
            Tuning.DEFAULT.priorOutputTokens());
    LiveDispatcher dispatcher =
        new LiveDispatcher(topology, tenants, Scene.policy(topology, tenants), tuning);
    goes(dispatcher, 1_000, SHORT);
    goes(dispatcher, 1_000, LONG);
    for (int i = 0; i < 8; i++) {
      Geography another = new Geography("x" + i);
      enqueue(dispatcher, journey(tenant, 1_000, List.of(new Geography("us"), another)));
    }
    release(dispatcher);

    assertThat(out).hasSize(1).allMatch(NextStep.NoCapacity.class::isInstance);
    assertThat(dispatcher.waiting()).isEqualTo(7);
    assertThat(enqueued(dispatcher, journey(other, 1_000, List.of())))
        .isInstanceOf(Admission.Queued.class);
  }

  /** Both serve the same; what is too long for the first goes to the second. */
  private LiveDispatcher contexts(Capacity first, Capacity second) {
    return Scene.dispatcher(deployments(first, second));
  }

  private static Topology deployments(Capacity first, Capacity second) {
    return Scene.topology(
        deployment("short", first, 32_000, Price.FREE),
        deployment("long", second, 128_000, Scene.PRICE));
  }

  private static Deployment deployment(String id, Capacity capacity, int context, Price price) {
    Deployment like = Scene.deployment(id, Scene.HOME_SITE, capacity, price);
    return new Deployment(
        like.id(), like.site(), like.model(), null, capacity, price, like.speed(), context);
  }

  private Journey goes(LiveDispatcher dispatcher, long inputTokens, int to) {
    Journey journey = journey(inputTokens, null);
    dispatcher.admit(journey, 0);
    assertThat(attempt(dispatcher.next(journey, 0)).deployment()).isEqualTo(to);
    return journey;
  }

  private Journey waits(LiveDispatcher dispatcher, long inputTokens) {
    Journey journey = journey(inputTokens, null);
    enqueue(dispatcher, journey);
    return journey;
  }

  private static void enqueue(LiveDispatcher dispatcher, Journey journey) {
    assertThat(enqueued(dispatcher, journey)).isInstanceOf(Admission.Queued.class);
  }

  private static Admission enqueued(LiveDispatcher dispatcher, Journey journey) {
    dispatcher.admit(journey, 0);
    return dispatcher.enqueue(journey, (NextStep.Wait) dispatcher.next(journey, 0), 0);
  }

  private void release(LiveDispatcher dispatcher) {
    dispatcher.release(MILLI, (_, step) -> out.add(step));
  }

  private static void end(LiveDispatcher dispatcher, Journey journey) {
    dispatcher.finished(journey, 1, Scene.usage(100, 10), Pauses.NONE, MILLI);
    dispatcher.left(journey, MILLI);
  }

  private Journey journey(long inputTokens, @Nullable Set<DeploymentId> able) {
    return journey(tenant, inputTokens, List.of(), able);
  }

  private static Journey journey(Tenant tenant, long inputTokens, List<Geography> residency) {
    return journey(tenant, inputTokens, residency, null);
  }

  private static Journey journey(
      Tenant tenant,
      long inputTokens,
      List<Geography> residency,
      @Nullable Set<DeploymentId> able) {
    return new Journey(
        new Ask(tenant.id(), tenant.classes().getFirst(), Scene.MODEL, residency),
        tenant,
        Scene.OBJECTIVE,
        new RequestShape(inputTokens, 200, 0, RequestShape.Answer.STREAMED),
        0,
        Scene.EPOCH_SECOND,
        Deadline.at(600 * SECOND),
        able);
  }
}
