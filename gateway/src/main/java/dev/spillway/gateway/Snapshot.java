package dev.spillway.gateway;

import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.gateway.auth.FactSealer;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.gateway.kept.KeptResponses;
import dev.spillway.gateway.upstream.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that the data plane knows of the configuration; read once per request.
 *
 * <p>Immutable; the control plane puts a new one in force as a whole.
 *
 * @param version grows with every snapshot put in force
 * @param madeEpochSecond when it was made, seconds since 1970
 * @param topology sites and deployments
 * @param dispatcher decides under this configuration
 * @param upstreams where each deployment is, in the order of the topology
 * @param keys who may come in
 * @param aliases other names of models
 * @param models the models that are served, by name
 * @param objectives what each class is held to; {@link Objective#DEFAULT} for one not named
 * @param streamedForWhole classes whose answers are streamed to the hub even when the client wants
 *     them all at once, so that they can be continued like streams
 * @param offers which deployments serve which operations
 * @param kept finds responses that deployments keep
 * @param sealer seals facts for the agents of sites
 */
public record Snapshot(
    long version,
    long madeEpochSecond,
    Topology topology,
    Dispatcher dispatcher,
    List<Upstream> upstreams,
    KeyDirectory keys,
    Map<String, ModelName> aliases,
    Map<String, ModelName> models,
    Map<WorkloadClass, Objective> objectives,
    Set<WorkloadClass> streamedForWhole,
    Offers offers,
    KeptResponses kept,
    FactSealer sealer) {
  /** Copies, and checks that every deployment is somewhere. */
  public Snapshot {
    upstreams = List.copyOf(upstreams);
    aliases = Map.copyOf(aliases);
    models = Map.copyOf(models);
    objectives = Map.copyOf(objectives);
    streamedForWhole = Set.copyOf(streamedForWhole);
    if (upstreams.size() != topology.deployments().size()) {
      throw new IllegalArgumentException(
          "upstreams: "
              + upstreams.size()
              + " (expected: "
              + topology.deployments().size()
              + ", one a deployment)");
    }
  }
}
