package dev.spillway.app.assembly;

import static java.util.Objects.requireNonNull;

import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.Contract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A configuration that can be put in force, its secrets not read yet.
 *
 * @param config what the file says
 * @param topology its sites and deployments
 * @param tenants in the order of the file
 * @param contract in the order of the file
 * @param policy the contract, compiled
 */
public record Assembly(
    SpillwayConfig config,
    Topology topology,
    List<Tenant> tenants,
    Contract contract,
    CompiledPolicy policy) {
  /** Copies. */
  public Assembly {
    tenants = List.copyOf(tenants);
  }

  /** What the file says of a deployment. */
  public DeploymentConfig said(DeploymentId id) {
    return requireNonNull(config.deployments().get(id), id::toString);
  }

  /** What a class of work is held to. */
  public Objective objective(WorkloadClass workload) {
    var said = config.objectives().get(workload);
    return said == null ? Objective.DEFAULT : said.toObjective();
  }

  /** What decisions are tuned by: the same for the gateway, the simulator and explanations. */
  public Tuning tuning() {
    return config.attempts().toTuning();
  }

  /** Classes whose answers are streamed to the hub even when clients want them all at once. */
  public Set<WorkloadClass> streamedForWhole() {
    return config.objectives().entrySet().stream()
        .filter(said -> said.getValue().streamUpstream())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A model by its own name or by another; itself if it is no alias. */
  public ModelName model(ModelName name) {
    return config.aliases().getOrDefault(name, name);
  }

  /** The tenant of this name, if there is one. */
  public Optional<Tenant> tenant(String name) {
    return tenants.stream().filter(each -> each.id().value().equals(name)).findFirst();
  }
}
