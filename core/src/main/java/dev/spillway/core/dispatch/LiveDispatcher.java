package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.admission.Ticket;
import dev.spillway.core.admission.WaitingRoom;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.Elsewhere;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * The dispatcher of a platform.
 *
 * <p>What it is made of: {@link TenantGate} at the door; {@link Steps} to decide, on what {@code
 * routing} predicts; a reservation for each attempt, which settles itself; {@link WaitingRoom} for
 * those that found no room; {@link Settlement} for what an end teaches.
 */
public final class LiveDispatcher implements Dispatcher {
  private static final long BYTES_PER_TOKEN = 4;
  private static final long BYTES_PER_REQUEST = 2_048;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Between two looks at a waiting room in which nothing happens. */
  private static final long A_MOMENT_NANOS = 5 * NANOS_PER_MILLI;

  private final Platform platform;
  private final Steps steps;
  private final WaitingRoom<Journey> room;
  private final AtomicInteger waiting;

  /** A platform on which nothing has happened yet. */
  public LiveDispatcher(
      Topology topology, List<Tenant> tenants, CompiledPolicy policy, Tuning tuning) {
    this(
        new Platform(topology, tenants, policy, tuning),
        new WaitingRoom<>(tuning.room()),
        new AtomicInteger());
  }

  private LiveDispatcher(Platform platform, WaitingRoom<Journey> room, AtomicInteger waiting) {
    this.platform = platform;
    this.steps = new Steps(platform);
    this.room = room;
    this.waiting = waiting;
  }

  /**
   * The dispatcher of the next configuration.
   *
   * <p>Deployments whose name and capacity stayed keep what was learnt of them and what is reserved
   * there; so do tenants whose limits stayed, caps that stayed, and everybody in the waiting room.
   * A journey may go on with either dispatcher: it gives back what it holds where it took it. The
   * waiting room's loop calls one of the two only.
   */
  public LiveDispatcher successor(Topology topology, List<Tenant> tenants, CompiledPolicy policy) {
    return new LiveDispatcher(platform.successor(topology, tenants, policy), room, waiting);
  }

  @Override
  public Admission admit(Journey journey, long nowNanos) {
    RoutingRequest request = request(journey);
    TenantGate gate = platform.gate(journey.tenant());
    long tokens = request.demand().tokens();
    Admission admission = gate.enter(tokens, nowNanos);
    if (admission instanceof Admission.Admitted) {
      journey.itinerary().entered(new Itinerary.Entry(gate, request, tokens));
    }
    return admission;
  }

  @Override
  public NextStep next(Journey journey, long nowNanos) {
    NextStep step = steps.next(journey, Steps.Standing.COMES, nowNanos);
    journey.add(step.decision());
    return step;
  }

  @Override
  public void firstContent(Journey journey, long nowNanos) {
    Itinerary.Held held = journey.itinerary().held();
    if (!held.reservation().hasContent()) {
      held.reservation().firstContent(nowNanos);
      Settlement.judgeFirstContent(journey, held);
    }
  }

  @Override
  public void finished(Journey journey, Usage usage, long nowNanos) {
    Itinerary.Held held = journey.itinerary().letGo(usage);
    held.reservation().finished(usage, nowNanos);
    if (journey.shape().answer() != RequestShape.Answer.NO_OUTPUT) {
      platform
          .outputLengths()
          .observe(journey.tenant().id(), journey.ask().model(), usage.outputTokens());
    }
    Settlement.settle(journey, held, usage, nowNanos);
    Settlement.judge(journey, held, usage, nowNanos);
  }

  @Override
  public void failed(Journey journey, AttemptFailure failure, Usage usage, long nowNanos) {
    Itinerary.Held held = journey.itinerary().letGo(usage);
    held.reservation().failed(failure, usage, nowNanos);
    journey.add(failure);
    journey
        .itinerary()
        .failedAt(held.reservation().at().deployment().id(), Elsewhere.after(failure.kind()));
    Settlement.settle(journey, held, usage, nowNanos);
  }

  @Override
  public void abandoned(Journey journey, Usage usage, long nowNanos) {
    Itinerary.Held held = journey.itinerary().letGo(usage);
    held.reservation().abandoned(usage, nowNanos);
    Settlement.settle(journey, held, usage, nowNanos);
  }

  @Override
  public void left(Journey journey, long nowNanos) {
    Itinerary itinerary = journey.itinerary();
    if (itinerary.isUnderWay()) {
      throw new IllegalStateException(
          "left during an attempt at " + itinerary.held().reservation().at().deployment().id());
    }
    Itinerary.Entry entry = itinerary.leave();
    if (entry != null) {
      entry.gate().leave(entry.estimatedTokens(), itinerary.usedTokens(), nowNanos);
    }
  }

  @Override
  public void report(int deployment, EngineReport report, long nowNanos) {
    platform.deployment(deployment).report(report, nowNanos);
  }

  @Override
  public Admission enqueue(Journey journey, NextStep.Wait wait, long nowNanos) {
    Demand demand = journey.itinerary().request().demand();
    DeploymentSet allowed =
        platform.policy().allowed(journey.ask(), journey.moment(nowNanos).epochSecond());
    Ticket<Journey> ticket =
        new Ticket<>(
            journey,
            journey.ask(),
            allowed,
            journey.tenant().priority(),
            Math.max(1, demand.tokens()),
            demand.inputTokens() * BYTES_PER_TOKEN + BYTES_PER_REQUEST,
            journey.deadlineNanos());
    Admission admission = room.enter(ticket, nowNanos);
    if (admission instanceof Admission.Queued) {
      Pool pool = platform.pool(journey.ask().model());
      pool.enter(journey.tenant().priority());
      journey.itinerary().waitFor(pool);
      waiting.incrementAndGet();
    }
    return admission;
  }

  @Override
  public long release(long nowNanos, BiConsumer<Journey, NextStep> carryOut) {
    Round round = new Round(nowNanos);
    room.expire(nowNanos, round::call);
    room.serve(nowNanos, round::call);
    // Carried out only now: what a driver does may put somebody into the room again.
    for (Round.Out each : round.out) {
      carryOut.accept(each.journey, each.step);
    }
    long deadline = room.earliestDeadlineNanos();
    if (deadline == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long soonest = Math.min(deadline - nowNanos, round.lookAgainInNanos);
    return nowNanos + Math.max(A_MOMENT_NANOS, soonest);
  }

  @Override
  public void leaveWaitingRoom(Journey journey, long nowNanos) {
    if (room.leave(journey, nowNanos)) {
      outOfTheRoom(journey);
    }
  }

  @Override
  public int waiting() {
    return waiting.get();
  }

  @Override
  public DeploymentStatus status(int deployment, long nowNanos) {
    LiveDeployment live = platform.deployment(deployment);
    double margin = live.margin(WorkloadClass.ONLINE_INFERENCE).value();
    return new DeploymentStatus(
        live.deployment().id(),
        live.inFlight(),
        live.pendingTokens(nowNanos),
        live.saturation(nowNanos),
        live.breaker().state(),
        live.admissionState(),
        margin,
        live.prefillTokensPerSecond());
  }

  private RoutingRequest request(Journey journey) {
    RequestShape shape = journey.shape();
    long output =
        shape.answer() == RequestShape.Answer.NO_OUTPUT
            ? 0
            : platform
                .outputLengths()
                .expected(journey.tenant().id(), journey.ask().model(), shape.maxOutputTokens());
    return new RoutingRequest(
        platform.nextNumber(),
        journey.ask(),
        journey.objective(),
        new Demand(shape.inputTokens(), output),
        shape.affinity(),
        shape.answer() == RequestShape.Answer.STREAMED);
  }

  private void outOfTheRoom(Journey journey) {
    Pool pool = journey.itinerary().waitsFor();
    if (pool == null) {
      throw new IllegalStateException("was not waiting: " + journey.ask());
    }
    pool.leave(journey.tenant().priority());
    journey.itinerary().waitFor(null);
    waiting.decrementAndGet();
  }

  /** One look at everybody in the waiting room. */
  private final class Round {
    private final long nowNanos;
    private final List<Out> out = new ArrayList<>();
    private long lookAgainInNanos = Long.MAX_VALUE / 2;

    Round(long nowNanos) {
      this.nowNanos = nowNanos;
    }

    record Out(Journey journey, NextStep step) {}

    WaitingRoom.Turn call(Journey journey) {
      NextStep step = steps.next(journey, Steps.Standing.HAS_ITS_TURN, nowNanos);
      if (step instanceof NextStep.Wait wait && wait.where() == NextStep.Where.WAITING_ROOM) {
        lookAgainInNanos = Math.min(lookAgainInNanos, wait.untilNanos() - nowNanos);
        boolean noRoom = wait.decision().why() == Why.NO_HEADROOM && journey.failures().isEmpty();
        return noRoom ? WaitingRoom.Turn.FINDS_NO_ROOM : WaitingRoom.Turn.LETS_OTHERS_PASS;
      }
      journey.add(step.decision());
      outOfTheRoom(journey);
      out.add(new Out(journey, step));
      return WaitingRoom.Turn.GOES;
    }
  }
}
