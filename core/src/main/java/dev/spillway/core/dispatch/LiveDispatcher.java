package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Presence;
import dev.spillway.core.routing.RoutingRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The dispatcher of a platform: who comes in, where each attempt goes, what its end teaches.
 *
 * <h2>What is hard about it</h2>
 *
 * <p>A decision is right or wrong seconds later, on engines that others use as well, by numbers
 * that are late, missing or mistaken. So nothing here trusts a number alone:
 *
 * <ul>
 *   <li><b>What we sent is known at once</b>; what engines report comes a second later. Each
 *       attempt is therefore booked the moment it is decided ({@link
 *       dev.spillway.core.routing.Reservation}), and reports only add what they have beyond our
 *       books. Two requests can never be given the same seat.
 *   <li><b>What is predicted is corrected</b> by every first token ({@code FirstTokenModel}), every
 *       answer ({@code DecodeModel}, {@code OutputLengths}) and every refusal ({@code
 *       ProvisionedBucket}).
 *   <li><b>What no prediction gets right is paid for by a margin</b> that learns from broken
 *       promises until just as many are left as were allowed ({@link Settlement}, {@code
 *       ConformalMargin}). This is the one loop that sees the client's side, and it needs no model
 *       to be right.
 *   <li><b>Full is not ill.</b> A refusal moves the marginal request and is over when the provider
 *       said; a breaker moves everything, and coming back from it is held down and ramped. Mixing
 *       the two takes prepaid capacity out of use for a minute because one request overflowed.
 * </ul>
 *
 * <h2>How it is put together</h2>
 *
 * <pre>
 *   admit     TenantGate                     rates, concurrency
 *   next      Steps -&gt; Router                filter, predict, pick; then reserve, wait or refuse
 *   hedge     Hedges -&gt; Steps                the same beside a late attempt, within a budget
 *   enqueue   WaitingRoom                    priority, fairness, deadline
 *   first...  Reservation, Settlement        learn, settle, judge
 * </pre>
 *
 * <h2>Threads</h2>
 *
 * <p>A journey belongs to its loop. What loops share (a deployment's parts, gates, meters) is one
 * {@code long} or one immutable record each, stepped by compare-and-set; no decision needs two of
 * them to change together, which is why there is no lock: a reservation that was lost between
 * looking and taking is simply looked for again. The waiting room alone has an owner loop, and only
 * requests that must wait go there.
 *
 * <p>Time is an argument and there are no dice, so the same calls give the same decisions: that is
 * what lets the simulator speak for the gateway.
 *
 * <h2>Cost</h2>
 *
 * <p>Policy and routing over a hundred deployments take about two microseconds and leave no garbage
 * (docs/performance.md). Of each deployment one record is read, its outlook, which is worked out
 * when something happens there; what is found goes into a {@link dev.spillway.core.routing.Scan}:
 * scratch first, then the record from which an explanation is made if somebody asks, and scratch
 * again once a driver says that nobody will ({@link Decision#forget}).
 *
 * <p>Sources: docs/policies/routing.md and the classes named above.
 */
public final class LiveDispatcher implements Dispatcher {
  private final Platform platform;
  private final Steps steps;
  private final Hedges hedges;
  private final WaitingJourneys waitingJourneys;

  /** A platform on which nothing has happened yet. */
  public LiveDispatcher(
      Topology topology, List<Tenant> tenants, CompiledPolicy policy, Tuning tuning) {
    this.platform = new Platform(topology, tenants, policy, tuning);
    this.steps = new Steps(platform);
    this.hedges = new Hedges(platform, steps);
    this.waitingJourneys = new WaitingJourneys(platform, steps);
  }

  private LiveDispatcher(Platform platform, WaitingJourneys before) {
    this.platform = platform;
    this.steps = new Steps(platform);
    this.hedges = new Hedges(platform, steps);
    this.waitingJourneys = before.successor(platform, steps);
  }

  /**
   * The dispatcher of the next configuration.
   *
   * <p>Deployments whose name, place and capacity stayed keep what was learnt of them and what is
   * reserved there; of one with another capacity it stays known how well it is, and how long it
   * asked to be left alone. Tenants keep what they hold, under whatever limits; caps that stayed
   * what was spent; and everybody in the waiting room waits on. A journey may go on with either
   * dispatcher: it gives back what it holds where it took it. The waiting room's loop calls one of
   * the two only.
   *
   * @param tuning of what attempts are allowed; the rest of it is that of the first dispatcher
   */
  public LiveDispatcher successor(
      Topology topology,
      List<Tenant> tenants,
      CompiledPolicy policy,
      Tuning tuning,
      Changes changes) {
    Platform next = platform.successor(topology, tenants, policy, tuning, changes);
    return new LiveDispatcher(next, waitingJourneys);
  }

  @Override
  public Admission admit(Journey journey, long nowNanos) {
    RoutingRequest request = platform.request(journey);
    TenantGate gate = platform.gate(journey.tenant());
    long tokens = request.demand().tokens();
    Admission admission = gate.enter(tokens, nowNanos);
    if (admission instanceof Admission.Admitted) {
      journey.itinerary().entered(new Entry(gate, request, tokens));
    }
    return admission;
  }

  @Override
  public NextStep next(Journey journey, long nowNanos) {
    NextStep step = steps.next(journey, nowNanos);
    journey.add(step.decision());
    return step;
  }

  @Override
  public Optional<NextStep.Attempt> hedge(Journey journey, long nowNanos) {
    NextStep.Attempt hedge = hedges.hedge(journey, nowNanos);
    if (hedge != null) {
      journey.add(hedge.decision());
    }
    return Optional.ofNullable(hedge);
  }

  @Override
  public void resumeFrom(Journey journey, Remainder remainder) {
    Itinerary itinerary = journey.itinerary();
    if (itinerary.isUnderWay() || journey.failures().isEmpty()) {
      throw new IllegalStateException("nothing broke off: " + journey.ask());
    }
    int most = platform.tuning().deployment().retry().mostAttempts();
    itinerary.resume(platform.ids(remainder.able()), remainder.demand(), most);
  }

  @Override
  public void stated(Journey journey, int attempt, StatedCapacity what, long nowNanos) {
    journey.itinerary().held(attempt).reservation().stated(what, nowNanos);
  }

  @Override
  public void firstContent(Journey journey, int attempt, long nowNanos) {
    Itinerary.Held held = journey.itinerary().held(attempt);
    held.reservation().firstContent(nowNanos);
    if (journey.itinerary().begins()) {
      journey.begins();
      Settlement.judgeFirstContent(journey, held);
    }
  }

  @Override
  public void finished(Journey journey, int attempt, Usage usage, Pauses pauses, long nowNanos) {
    Itinerary.Held held = journey.itinerary().letGo(attempt);
    journey.itinerary().charge().add(held, usage);
    held.reservation().finished(usage, pauses, nowNanos);
    if (journey.shape().answer().showsOutput()) {
      long output = Math.max(usage.outputTokens(), journey.itinerary().charge().shownTokens());
      platform.outputLengths().observe(journey.tenant().id(), journey.ask().model(), output);
    }
    Settlement.settle(journey, held, usage, nowNanos);
    Settlement.judge(journey, held, usage, nowNanos - pauses.unreadNanos());
  }

  @Override
  public void failed(
      Journey journey, int attempt, AttemptFailure failure, Usage usage, long nowNanos) {
    Itinerary.Held held = journey.itinerary().letGo(attempt);
    if (held.reservation().hasContent()) {
      journey.itinerary().charge().add(held, usage);
    }
    int refusals = journey.itinerary().refusalsAt(held.deployment().id());
    held.reservation().failed(failure, usage, refusals, nowNanos);
    journey.add(failure);
    journey.itinerary().failedAt(held.reservation().at(), failure.kind());
    Settlement.settle(journey, held, usage, nowNanos);
  }

  @Override
  public void abandoned(Journey journey, int attempt, Usage usage, long nowNanos) {
    Itinerary.Held held = journey.itinerary().letGo(attempt);
    if (journey.itinerary().isUnderWay()) {
      held.reservation().lost(usage, nowNanos);
    } else {
      journey.itinerary().charge().add(held, usage);
      held.reservation().abandoned(usage, nowNanos);
    }
    Settlement.settle(journey, held, usage, nowNanos);
  }

  @Override
  public void left(Journey journey, long nowNanos) {
    Itinerary itinerary = journey.itinerary();
    if (itinerary.isUnderWay()) {
      throw new IllegalStateException("left during an attempt at " + itinerary.whereabouts());
    }
    Entry entry = itinerary.leave();
    if (entry != null) {
      entry.leave(itinerary.charge().tokens(), nowNanos);
    }
  }

  @Override
  public void report(int deployment, EngineReport report, long nowNanos) {
    platform.deployment(deployment).report(report, nowNanos);
  }

  @Override
  public void measured(int deployment, Speed speed) {
    platform.deployment(deployment).measured(speed);
  }

  @Override
  public void takes(int deployment, int contextTokens) {
    platform.deployment(deployment).takes(contextTokens);
  }

  @Override
  public void presence(int deployment, Presence told, long nowNanos) {
    platform.deployment(deployment).presence(told, nowNanos);
  }

  @Override
  public Admission enqueue(Journey journey, NextStep.Wait wait, long nowNanos) {
    return waitingJourneys.enter(journey, wait, nowNanos);
  }

  @Override
  public long release(long nowNanos, BiConsumer<Journey, NextStep> carryOut) {
    return waitingJourneys.release(nowNanos, carryOut);
  }

  @Override
  public void leaveWaitingRoom(Journey journey, long nowNanos) {
    waitingJourneys.leave(journey, nowNanos);
  }

  @Override
  public int waiting() {
    return waitingJourneys.count();
  }

  @Override
  public DeploymentStatus status(int deployment, long nowNanos) {
    LiveDeployment live = platform.deployment(deployment);
    return new DeploymentStatus(
        live.deployment().id(),
        live.inFlight(),
        live.pendingTokens(nowNanos),
        live.saturation(nowNanos),
        live.breaker().state(),
        live.admissionState(nowNanos),
        live.margin(WorkloadClass.ONLINE_INFERENCE).value(),
        live.prefillTokensPerSecond(),
        live.replicas(),
        live.refusedOperations(),
        live.presence(),
        live.contextTokens());
  }
}
