package dev.spillway.core.dispatch;

import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.forecast.OutputLengths;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.Router;
import dev.spillway.core.routing.RoutingRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One configuration and the state of everything in it.
 *
 * <p>The tables are immutable; what they hold is shared by event loops, and with the platform's
 * successor as far as its configuration left it unchanged.
 */
final class Platform {
  private final CompiledPolicy policy;
  private final Tuning tuning;
  private final List<LiveDeployment> deployments;
  private final Map<ModelName, Pool> pools = new HashMap<>();
  private final Map<TenantId, TenantGate> gates = new ConcurrentHashMap<>();
  private final SpendMeters meters;
  private final OutputLengths outputLengths;
  private final AtomicLong numbers;
  private final Router router;

  Platform(Topology topology, List<Tenant> tenants, CompiledPolicy policy, Tuning tuning) {
    this(topology, tenants, policy, tuning, null);
  }

  private Platform(
      Topology topology,
      List<Tenant> tenants,
      CompiledPolicy policy,
      Tuning tuning,
      @Nullable Predecessor predecessor) {
    Platform before = predecessor == null ? null : predecessor.platform;
    this.policy = policy;
    this.tuning = tuning;
    this.deployments = List.copyOf(live(topology, tuning, predecessor));
    for (ModelName model : topology.deployments().stream().map(Deployment::model).toList()) {
      pools.computeIfAbsent(model, name -> pool(name, topology, before));
    }
    for (Tenant tenant : tenants) {
      TenantGate known = before == null ? null : before.gates.get(tenant.id());
      gates.put(
          tenant.id(),
          known == null ? new TenantGate(tenant.limits()) : known.successor(tenant.limits()));
    }
    this.meters =
        before == null
            ? new SpendMeters(policy.meters())
            : before.meters.successor(policy.meters());
    this.outputLengths =
        before == null ? new OutputLengths(tuning.priorOutputTokens()) : before.outputLengths;
    this.numbers = before == null ? new AtomicLong() : before.numbers;
    this.router = new Router(policy, meters, tuning.deployment().router());
  }

  /**
   * Another configuration; a deployment that was not moved keeps its health, and with the capacity
   * that it had all else.
   */
  Platform successor(
      Topology topology,
      List<Tenant> tenants,
      CompiledPolicy next,
      Tuning nextTuning,
      Changes changes) {
    Platform made =
        new Platform(topology, tenants, next, nextTuning, new Predecessor(this, changes));
    for (LiveDeployment each : made.deployments) {
      if (changes.said().contains(each.deployment().id())) {
        each.reconsider(); // what was refused there may be right now
      }
    }
    return made;
  }

  /** The configuration before, and what changed that no topology shows. */
  private record Predecessor(Platform platform, Changes changes) {
    /** Whether what is known of the one is true of the other: it is where it was. */
    boolean isKnown(Deployment was, Deployment is) {
      return was.site().id().equals(is.site().id()) && !changes.moved().contains(is.id());
    }
  }

  CompiledPolicy policy() {
    return policy;
  }

  Tuning tuning() {
    return tuning;
  }

  Router router() {
    return router;
  }

  SpendMeters meters() {
    return meters;
  }

  OutputLengths outputLengths() {
    return outputLengths;
  }

  LiveDeployment deployment(int index) {
    return deployments.get(index);
  }

  /** The names of a set of deployments, which mean the same under every configuration. */
  Set<DeploymentId> ids(DeploymentSet set) {
    Set<DeploymentId> ids = new HashSet<>();
    for (int i = set.next(0); i >= 0; i = set.next(i + 1)) {
      ids.add(deployments.get(i).deployment().id());
    }
    return ids;
  }

  /** Who serves a model; empty of deployments if nobody does. */
  Pool pool(ModelName model) {
    Pool pool = pools.get(model);
    return pool != null ? pool : new Pool(model, new int[0], deployments, null);
  }

  TenantGate gate(Tenant tenant) {
    return gates.computeIfAbsent(tenant.id(), _ -> new TenantGate(tenant.limits()));
  }

  private long nextNumber() {
    return numbers.incrementAndGet();
  }

  /** What a journey asks of the router, with an estimate of what it will use. */
  RoutingRequest request(Journey journey) {
    RequestShape shape = journey.shape();
    long output =
        shape.answer().takesOutput()
            ? outputLengths.expected(
                journey.tenant().id(), journey.ask().model(), shape.maxOutputTokens())
            : 0;
    return new RoutingRequest(
        nextNumber(),
        journey.ask(),
        journey.objective(),
        new Demand(shape.inputTokens(), output),
        shape.affinity(),
        shape.answer() == RequestShape.Answer.STREAMED,
        shape.effort(),
        shape.operation());
  }

  private Pool pool(ModelName model, Topology topology, @Nullable Platform before) {
    int[] indexes =
        IntStream.range(0, topology.deployments().size())
            .filter(i -> topology.deployments().get(i).model().equals(model))
            .toArray();
    return new Pool(model, indexes, deployments, before == null ? null : before.pools.get(model));
  }

  private static List<LiveDeployment> live(
      Topology topology, Tuning tuning, @Nullable Predecessor before) {
    Map<DeploymentId, LiveDeployment> known = new HashMap<>();
    if (before != null) {
      before.platform.deployments.forEach(each -> known.put(each.deployment().id(), each));
    }
    List<LiveDeployment> live = new ArrayList<>();
    for (Deployment deployment : topology.deployments()) {
      LiveDeployment was = known.get(deployment.id());
      live.add(
          was != null && before != null && before.isKnown(was.deployment(), deployment)
              ? was.successor(deployment, tuning.deployment())
              : new LiveDeployment(deployment, tuning.deployment()));
    }
    return live;
  }
}
