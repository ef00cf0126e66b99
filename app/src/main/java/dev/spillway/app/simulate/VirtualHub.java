package dev.spillway.app.simulate;

import dev.spillway.app.assembly.Accelerators;
import dev.spillway.app.assembly.Assembly;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.event.Ending;
import dev.spillway.simulator.event.EngineWorld;
import dev.spillway.simulator.event.SimulatedDeployment;
import dev.spillway.simulator.event.Simulation;
import dev.spillway.simulator.event.VirtualTime;
import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.trace.TraceRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGeneratorFactory;

/** One tenant's load on a configuration in virtual time; good for one run. */
public final class VirtualHub {
  /** When virtual time begins: the day of the Azure trace, so that runs repeat. */
  public static final Instant BEGINS = Instant.parse("2026-01-01T00:00:00Z");

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Assembly assembly;
  private final Tenant tenant;
  private final ModelName model;
  private final Dispatcher dispatcher;
  private final Map<String, Integer> refusals = new TreeMap<>();

  /** A hub on which nothing has happened yet. */
  public VirtualHub(Assembly assembly, Tenant tenant, ModelName model) {
    this.assembly = assembly;
    this.tenant = tenant;
    this.model = model;
    this.dispatcher =
        new LiveDispatcher(
            assembly.topology(), assembly.tenants(), assembly.policy(), assembly.tuning());
  }

  /**
   * What stands behind the deployments.
   *
   * @param provisioned engines behind a deployment whose provider does not say, at least 1
   * @param perturbation how far each may be off its profile, at least 0 and less than 1
   * @param seed of that
   */
  public record Engines(int provisioned, double perturbation, long seed) {}

  /** Plays a load; one outcome a request, in the order in which they ended. */
  public List<Outcome> play(List<TraceRequest> load, Engines engines) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(engines.seed());
    EngineWorld world =
        new EngineWorld(VirtualHub::profile, engines.perturbation(), engines.provisioned(), random);
    Recorder recorder = new Recorder();
    play(load, time -> world.on(time, assembly.topology()), recorder);
    return recorder.outcomes;
  }

  /**
   * Plays a load in another world than that of the performance model.
   *
   * @param world makes the deployments, in the order of the topology
   */
  public void play(
      List<TraceRequest> load,
      Function<VirtualTime, List<SimulatedDeployment>> world,
      Simulation.Listener listener) {
    new Simulation(dispatcher, world, listener).run(load, this::journey);
  }

  /** How often each deployment answered 429, by its name. */
  public Map<String, Integer> refusals() {
    return Collections.unmodifiableMap(refusals);
  }

  private static EngineProfile profile(Deployment deployment) {
    return Accelerators.profile(deployment.accelerator()).orElse(EngineCatalog.H100X4_70B);
  }

  private Journey journey(TraceRequest request) {
    WorkloadClass workload = tenant.classes().getFirst();
    Objective objective = assembly.objective(workload);
    long at = request.arrivalNanos();
    return new Journey(
        new Ask(tenant.id(), workload, model, List.of()),
        tenant,
        objective,
        new RequestShape(
            request.inputTokens(), request.outputTokens(), 0, RequestShape.Answer.STREAMED),
        at,
        BEGINS.getEpochSecond() + at / NANOS_PER_SECOND,
        at + objective.deadline().toNanos());
  }

  private String site(int deployment) {
    return assembly.topology().deployments().get(deployment).site().id().value();
  }

  private final class Recorder implements Simulation.Listener {
    private final List<Outcome> outcomes = new ArrayList<>();

    @Override
    public void ended(Journey journey, Ending ending) {
      long input = journey.shape().inputTokens();
      long output = journey.shape().maxOutputTokens();
      outcomes.add(
          switch (ending) {
            case Ending.Whole(int at, long ttft, long tpot) ->
                new Outcome(Outcome.Kind.WHOLE, site(at), "", ttft, tpot, input, output);
            case Ending.Cut(int at, String why) ->
                new Outcome(Outcome.Kind.CUT, site(at), why, -1, 0, input, 0);
            case Ending.Refused(String why) ->
                new Outcome(Outcome.Kind.REFUSED, null, why, -1, 0, input, 0);
            case Ending.Failed(String why) ->
                new Outcome(Outcome.Kind.FAILED, null, why, -1, 0, input, 0);
          });
    }

    @Override
    public void attemptFailed(int deployment, AttemptFailure failure) {
      if (failure.kind() == AttemptFailure.Kind.RATE_LIMITED) {
        refusals.merge(
            assembly.topology().deployments().get(deployment).id().value(), 1, Integer::sum);
      }
    }
  }
}
