package dev.spillway.gateway;

import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.chat.Operation;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which deployments serve which operations, as their dialects say. Immutable. */
public final class Offers {
  private final Map<Operation, Set<DeploymentId>> some = new EnumMap<>(Operation.class);
  private final Map<Operation, Set<ModelName>> models = new EnumMap<>(Operation.class);
  private final Map<Operation, Set<ModelName>> continued = new EnumMap<>(Operation.class);

  /** Of these deployments, each with where it is, in the order of the topology. */
  public Offers(List<Deployment> deployments, List<Upstream> upstreams) {
    for (Operation operation : Operation.values()) {
      Set<DeploymentId> able = new HashSet<>();
      Set<ModelName> ofModels = new HashSet<>();
      Set<ModelName> goneOnWith = new HashSet<>();
      for (int i = 0; i < upstreams.size(); i++) {
        if (upstreams.get(i).dialect().serves(operation)) {
          able.add(deployments.get(i).id());
          ofModels.add(deployments.get(i).model());
        }
        if (upstreams.get(i).dialect().continues(operation)) {
          goneOnWith.add(deployments.get(i).model());
        }
      }
      models.put(operation, ofModels);
      continued.put(operation, goneOnWith);
      if (able.size() < upstreams.size()) {
        some.put(operation, Set.copyOf(able));
      }
    }
  }

  /** Whether any deployment of the model does that. */
  public boolean isOffered(Operation operation, ModelName model) {
    return models.getOrDefault(operation, Set.of()).contains(model);
  }

  /** Whether any deployment of the model can write the rest of an answer that broke off. */
  public boolean isContinued(Operation operation, ModelName model) {
    return continued.getOrDefault(operation, Set.of()).contains(model);
  }

  /** Those that do; null if all do. */
  public @Nullable Set<DeploymentId> able(Operation operation) {
    return some.get(operation);
  }
}
