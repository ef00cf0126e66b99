package dev.spillway.simulator.event;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Topology;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.engine.ReplicaSet;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Makes the deployments of a topology out of engines of the performance model.
 *
 * @param profiles what stands behind each deployment
 * @param perturbation how much faster or slower each engine may be than its profile says, at least
 *     0 and less than 1; what routing does not know
 * @param provisionedReplicas how many engines stand behind a provisioned deployment, whose size its
 *     contract does not say; at least 1
 * @param random where the perturbation comes from
 */
public record EngineWorld(
    Function<Deployment, EngineProfile> profiles,
    double perturbation,
    int provisionedReplicas,
    RandomGenerator random) {

  /** The deployments, in the order of the topology, on this time. */
  public List<SimulatedDeployment> on(VirtualTime time, Topology topology) {
    return topology.deployments().stream().map(each -> deployment(time, each)).toList();
  }

  private SimulatedDeployment deployment(VirtualTime time, Deployment deployment) {
    var roundTrip = deployment.site().roundTrip();
    return switch (deployment.capacity()) {
      case Capacity.Provisioned bought ->
          new EngineDeployment(
              time,
              engines(deployment, provisionedReplicas),
              new ProvisionedBucket(bought, ProvisionedBucket.ASSUMED_DEPTH),
              roundTrip);
      case Capacity.SelfHosted own ->
          new EngineDeployment(time, engines(deployment, own.replicas()), null, roundTrip);
      case Capacity.OnDemand _ ->
          new EngineDeployment(time, engines(deployment, provisionedReplicas), null, roundTrip);
    };
  }

  private ReplicaSet engines(Deployment deployment, int replicas) {
    return ReplicaSet.perturbed(profiles.apply(deployment), replicas, perturbation, random);
  }
}
