package dev.spillway.simulator.event;

import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.trace.TraceRequest;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A platform in virtual time: the dispatcher that the gateway drives, in front of engines of the
 * performance model.
 *
 * <p>The world is simulated: arrivals, networks, engines, reports, failures. What is done about it
 * is not: every step of every request is the dispatcher's. A run is a function of its input, to the
 * last byte. Not thread-safe; good for one run.
 */
public final class Simulation {
  private static final long REPORT_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final VirtualTime time = new VirtualTime();
  private final IdentityHashMap<Journey, SimulatedRequest> waiting = new IdentityHashMap<>();
  private final Dispatcher dispatcher;
  private final List<SimulatedDeployment> deployments;
  private final Listener listener;

  private VirtualTime.@Nullable Event nextLook;
  private int unfinished;

  /**
   * A platform on which nothing has happened yet.
   *
   * @param world makes the deployments, in the order of the topology, on this simulation's time
   */
  public Simulation(
      Dispatcher dispatcher,
      Function<VirtualTime, List<SimulatedDeployment>> world,
      Listener listener) {
    this.dispatcher = dispatcher;
    this.deployments = List.copyOf(world.apply(time));
    this.listener = listener;
  }

  /**
   * Runs a load to the end of its last request.
   *
   * @param load in order of arrival
   * @param journeys what each request is to the dispatcher, given the instant of its arrival
   */
  public void run(List<TraceRequest> load, Function<TraceRequest, Journey> journeys) {
    unfinished = load.size();
    for (TraceRequest request : load) {
      time.at(
          request.arrivalNanos(),
          () ->
              new SimulatedRequest(this, journeys.apply(request), request.outputTokens()).arrive());
    }
    for (int i = 0; i < deployments.size(); i++) {
      reportEverySecond(i);
    }
    time.run();
  }

  /** Makes a deployment fail for a while: attempts under way break off, new ones are refused. */
  public void outage(int deployment, Duration from, Duration length) {
    time.at(from.toNanos(), deployments.get(deployment)::fail);
    time.at(from.plus(length).toNanos(), deployments.get(deployment)::restart);
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  VirtualTime time() {
    return time;
  }

  SimulatedDeployment deployment(int index) {
    return deployments.get(index);
  }

  void waits(SimulatedRequest request) {
    waiting.put(request.journey(), request);
    roomMayBeFree();
  }

  void attemptFailed(int deployment, AttemptFailure failure) {
    listener.attemptFailed(deployment, failure);
  }

  void ended(SimulatedRequest request, Ending ending) {
    waiting.remove(request.journey());
    unfinished--;
    listener.ended(request.journey(), ending);
    roomMayBeFree();
  }

  /** Lets requests out of the waiting room, after the event that is running. */
  void roomMayBeFree() {
    if (dispatcher.waiting() > 0) {
      lookAgain(time.nowNanos());
    }
  }

  private void lookAgain(long atNanos) {
    if (nextLook != null) {
      nextLook.cancel();
    }
    nextLook = time.at(atNanos, this::release);
  }

  private void release() {
    long again = dispatcher.release(time.nowNanos(), this::letOut);
    if (again != Long.MAX_VALUE) {
      lookAgain(again);
    }
  }

  private void letOut(Journey journey, NextStep step) {
    SimulatedRequest request = waiting.remove(journey);
    if (request == null) {
      throw new IllegalStateException("let out, but was not waiting: " + journey.ask());
    }
    request.carryOut(step);
  }

  private void reportEverySecond(int deployment) {
    time.in(
        REPORT_EVERY_NANOS,
        () -> {
          deployments
              .get(deployment)
              .report()
              .ifPresent(report -> dispatcher.report(deployment, report, time.nowNanos()));
          roomMayBeFree();
          if (unfinished > 0) {
            reportEverySecond(deployment);
          }
        });
  }

  /** What a run is watched by; called in virtual time. */
  public interface Listener {
    /** A request is over. */
    void ended(Journey journey, Ending ending);

    /** An attempt at a deployment failed; the request may go on elsewhere. */
    void attemptFailed(int deployment, AttemptFailure failure);
  }
}
