package dev.spillway.app.parity;

import static java.util.Objects.requireNonNull;

import dev.spillway.app.simulate.VirtualHub;
import dev.spillway.core.admission.Admission;
import dev.spillway.core.dispatch.Deadline;
import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.dispatch.Remainder;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Usage;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Presence;
import dev.spillway.simulator.trace.TraceRequest;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Between a live gateway and its dispatcher: puts the script's time in the place of the machine's,
 * in every call, and so lets a slow machine decide what a fast one does.
 *
 * <p>What happened is the gateway's word alone; only when is not. A journey lives twice: as the
 * gateway made it, and with the script's times, for the dispatcher. The trace knows no
 * conversations, so the second has none. Time for which the dispatcher lets a request wait passes
 * at once. Requests come one at a time; called by the gateway's only loop.
 */
final class ScriptedDispatcher implements Dispatcher {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long PATIENT = Duration.ofMinutes(1).toNanos();
  private static final NextStep.Limits LIMITS =
      new NextStep.Limits(PATIENT, NextStep.Limits.NEVER, PATIENT);

  private final Dispatcher dispatcher;
  private final Script script;
  private final List<Deployment> deployments;
  private final BlockingQueue<Told> log;
  private final ScriptedClock clock;
  private final IdentityHashMap<Journey, Journey> scripted = new IdentityHashMap<>();
  private final IdentityHashMap<Journey, Journey> live = new IdentityHashMap<>();
  private int arrived;
  private int deployment;
  private long sentNanos;
  private long lookNanos = Long.MIN_VALUE;

  ScriptedDispatcher(
      Dispatcher dispatcher, Script script, List<Deployment> deployments, BlockingQueue<Told> log) {
    this.dispatcher = dispatcher;
    this.script = script;
    this.deployments = deployments;
    this.log = log;
    this.clock = new ScriptedClock(script, dispatcher, deployments.size());
  }

  @Override
  public Admission admit(Journey journey, long nowNanos) {
    clock.advanceTo(script.load().get(arrived++).arrivalNanos());
    Journey own = atScriptedTime(journey);
    scripted.put(journey, own);
    live.put(own, journey);
    return dispatcher.admit(own, now());
  }

  @Override
  public NextStep next(Journey journey, long nowNanos) {
    return inMachineTime(dispatcher.next(own(journey), now()));
  }

  /** A matter of time, and the script lets no attempt be late. */
  @Override
  public Optional<NextStep.Attempt> hedge(Journey journey, long nowNanos) {
    return Optional.empty();
  }

  @Override
  public void resumeFrom(Journey journey, Remainder remainder) {
    dispatcher.resumeFrom(own(journey), remainder);
  }

  @Override
  public void stated(Journey journey, int attempt, StatedCapacity what, long nowNanos) {
    throw new IllegalStateException("providers state nothing");
  }

  @Override
  public void firstContent(Journey journey, int attempt, long nowNanos) {
    clock.advanceTo(sentNanos + script.firstTokenNanos(deployment));
    dispatcher.firstContent(own(journey), attempt, now());
  }

  @Override
  public void finished(Journey journey, int attempt, Usage usage, Pauses pauses, long nowNanos) {
    long first = sentNanos + script.firstTokenNanos(deployment);
    TraceRequest request = script.load().get(arrived - 1);
    clock.advanceTo(first + script.restNanos(request));
    dispatcher.finished(own(journey), attempt, usage, Pauses.NONE, now());
  }

  @Override
  public void failed(
      Journey journey, int attempt, AttemptFailure failure, Usage usage, long nowNanos) {
    clock.advanceTo(sentNanos + Script.FAILS_AFTER_NANOS);
    dispatcher.failed(own(journey), attempt, failure, usage, now());
  }

  @Override
  public void abandoned(Journey journey, int attempt, Usage usage, long nowNanos) {
    dispatcher.abandoned(own(journey), attempt, usage, now());
  }

  @Override
  public void left(Journey journey, long nowNanos) {
    Journey own = own(journey);
    dispatcher.left(own, now());
    scripted.remove(journey);
    live.remove(own);
    log.add(Told.of(own));
  }

  @Override
  public void report(int reporting, EngineReport report, long nowNanos) {
    throw new IllegalStateException("reports are in the script");
  }

  @Override
  public void measured(int measured, Speed speed) {
    throw new IllegalStateException("speeds are in the configuration");
  }

  @Override
  public void takes(int taking, int contextTokens) {
    throw new IllegalStateException("contexts are in the configuration");
  }

  @Override
  public void presence(int present, Presence told, long nowNanos) {
    throw new IllegalStateException("nobody links");
  }

  @Override
  public Admission enqueue(Journey journey, NextStep.Wait wait, long nowNanos) {
    lookNanos = now();
    return dispatcher.enqueue(own(journey), wait, now());
  }

  @Override
  public long release(long nowNanos, BiConsumer<Journey, NextStep> carryOut) {
    if (dispatcher.waiting() > 0) {
      clock.advanceTo(Math.min(lookNanos, clock.nextReportNanos()));
    }
    lookNanos =
        dispatcher.release(
            now(), (own, step) -> carryOut.accept(of(live, own), inMachineTime(step)));
    return lookNanos == Long.MAX_VALUE ? Long.MAX_VALUE : nowNanos;
  }

  @Override
  public void leaveWaitingRoom(Journey journey, long nowNanos) {
    dispatcher.leaveWaitingRoom(own(journey), now());
  }

  @Override
  public int waiting() {
    return dispatcher.waiting();
  }

  @Override
  public DeploymentStatus status(int asked, long nowNanos) {
    return dispatcher.status(asked, now());
  }

  private NextStep inMachineTime(NextStep step) {
    return switch (step) {
      case NextStep.Attempt made -> {
        deployment = made.deployment();
        sentNanos = now();
        yield new NextStep.Attempt(
            made.number(), deployment, made.onlyThere(), LIMITS, made.decision());
      }
      case NextStep.Wait wait -> {
        if (wait.where() == NextStep.Where.BACKOFF) {
          clock.advanceTo(wait.untilNanos());
        }
        yield new NextStep.Wait(System.nanoTime(), wait.where(), wait.decision());
      }
      case NextStep.Forbidden _, NextStep.NoCapacity _, NextStep.OverLimit _, NextStep.GiveUp _ ->
          step;
    };
  }

  private Journey atScriptedTime(Journey journey) {
    RequestShape shape = journey.shape();
    long allowed = journey.deadlineNanos() - journey.arrivedNanos();
    return new Journey(
        journey.ask(),
        journey.tenant(),
        journey.objective(),
        new RequestShape(
            shape.inputTokens(), shape.maxOutputTokens(), 0, shape.answer(), shape.effort()),
        now(),
        VirtualHub.BEGINS.getEpochSecond() + now() / NANOS_PER_SECOND,
        Deadline.at(now() + allowed),
        able(journey));
  }

  private @Nullable Set<DeploymentId> able(Journey journey) {
    Set<DeploymentId> able =
        deployments.stream()
            .filter(journey::canBeServedBy)
            .map(Deployment::id)
            .collect(Collectors.toUnmodifiableSet());
    return able.size() == deployments.size() ? null : able;
  }

  private Journey own(Journey journey) {
    return of(scripted, journey);
  }

  private static Journey of(IdentityHashMap<Journey, Journey> journeys, Journey journey) {
    return requireNonNull(journeys.get(journey), "a journey that was not admitted");
  }

  private long now() {
    return clock.nowNanos();
  }
}
