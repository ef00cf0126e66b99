package dev.spillway.core.dispatch;

import static dev.spillway.core.dispatch.Scene.HOME;
import static dev.spillway.core.dispatch.Scene.MILLI;
import static dev.spillway.core.dispatch.Scene.PARTNER;
import static dev.spillway.core.dispatch.Scene.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.admission.RoomTuning;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.routing.Why;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The room is full of a tenant's batch, which may run at home only; its chats may go elsewhere. */
class FullRoomTest {
  /** Of eight places, an eighth is left to others. */
  private static final int PLACES_OF_ONE = 7;

  private final Tenant tenant =
      new Tenant(
          new TenantId("chatgpt"),
          List.of(WorkloadClass.ONLINE_INFERENCE, WorkloadClass.BATCH_INFERENCE),
          Priority.NORMAL,
          List.of(),
          List.of(),
          List.of(),
          TenantLimits.NONE);
  private final List<NextStep> out = new ArrayList<>();
  private final LiveDispatcher dispatcher = dispatcher();

  @BeforeEach
  void fillsTheRoom() {
    Journey running = journey(WorkloadClass.BATCH_INFERENCE);
    assertThat(attempt(dispatcher.next(running, 0)).deployment()).isEqualTo(HOME);
    for (int i = 0; i < PLACES_OF_ONE; i++) {
      enqueue(journey(WorkloadClass.BATCH_INFERENCE));
    }
    assertThat(dispatcher.waiting()).isEqualTo(PLACES_OF_ONE);
  }

  @Test
  void letsOneGoWhereNobodyWaits() {
    enqueue(journey(WorkloadClass.ONLINE_INFERENCE));
    release();

    assertThat(out).hasSize(1);
    assertThat(attempt(out.getFirst()).deployment()).isEqualTo(PARTNER);
    assertThat(dispatcher.waiting()).isEqualTo(PLACES_OF_ONE);
  }

  @Test
  void refusesOneThatCouldGoOnlyWhereOthersWait() {
    enqueue(journey(WorkloadClass.BATCH_INFERENCE));
    release();

    assertThat(out).hasSize(1);
    assertThat(((NextStep.NoCapacity) out.getFirst()).retryAfter()).isPositive();
    assertThat(dispatcher.waiting()).isEqualTo(PLACES_OF_ONE);
  }

  @Test
  void forgetsOneThatLeaves() {
    Journey journey = journey(WorkloadClass.ONLINE_INFERENCE);
    enqueue(journey);
    dispatcher.leaveWaitingRoom(journey, MILLI);
    dispatcher.left(journey, MILLI);
    release();

    assertThat(out).isEmpty();
    assertThat(dispatcher.waiting()).isEqualTo(PLACES_OF_ONE);
  }

  @Test
  void saysOfOneThatItStandsBehindOthersWhateverIsOpen() {
    Decision decision = dispatcher.next(journey(WorkloadClass.ONLINE_INFERENCE), MILLI).decision();

    assertThat(decision.why()).isEqualTo(Why.BEHIND_OTHERS);
    assertThat(decision.verdicts().get(PARTNER)).isInstanceOf(Decision.Considered.class);
  }

  private LiveDispatcher dispatcher() {
    Clause atHome =
        new Clause.WorkloadPlacement(
            Scene.heading("batch-home"),
            WorkloadClass.BATCH_INFERENCE,
            List.of(Scene.HOME_SITE.id()));
    Topology topology =
        Scene.topology(Scene.home(Scene.engines(1, 1)), Scene.partner(Scene.engines(4, 64)));
    Tuning tuning =
        new Tuning(
            Tuning.DEFAULT.deployment(),
            new RoomTuning(PLACES_OF_ONE + 1, 1_000_000, 4_000, 10),
            Tuning.DEFAULT.priorOutputTokens());
    return new LiveDispatcher(
        topology, List.of(tenant), Scene.policy(topology, List.of(tenant), atHome), tuning);
  }

  private void enqueue(Journey journey) {
    NextStep.Wait wait = (NextStep.Wait) dispatcher.next(journey, MILLI);
    assertThat(dispatcher.enqueue(journey, wait, MILLI)).isInstanceOf(Admission.Queued.class);
  }

  private void release() {
    dispatcher.release(MILLI, (_, step) -> out.add(step));
  }

  private Journey journey(WorkloadClass workload) {
    Journey journey =
        new Journey(
            new Ask(tenant.id(), workload, Scene.MODEL, List.of()),
            tenant,
            Scene.OBJECTIVE,
            new RequestShape(100, 200, 0, RequestShape.Answer.STREAMED),
            0,
            Scene.EPOCH_SECOND,
            Scene.OBJECTIVE.deadline().toNanos());
    dispatcher.admit(journey, 0);
    return journey;
  }
}
