package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the contract says from one date to the next.
 *
 * @param allowed by tenant, granted class and granted model; what is not there is not granted
 * @param withheld by tenant: what a rival could reach too; no entry for most
 * @param homeFirst by class: the first clause that wants home offered first
 * @param caps by deployment
 */
record Segment(
    Map<TenantId, Map<WorkloadClass, Map<ModelName, DeploymentSet>>> allowed,
    Map<TenantId, DeploymentSet> withheld,
    Map<WorkloadClass, ClauseId> homeFirst,
    List<List<CompiledPolicy.Cap>> caps) {

  DeploymentSet allowed(TenantId tenant, WorkloadClass workload, ModelName model) {
    var byClass = allowed.get(tenant);
    if (byClass == null) {
      return DeploymentSet.NONE;
    }
    var byModel = byClass.get(workload);
    return byModel == null ? DeploymentSet.NONE : byModel.getOrDefault(model, DeploymentSet.NONE);
  }

  boolean withholds(TenantId tenant, int deployment) {
    return withheld.getOrDefault(tenant, DeploymentSet.NONE).contains(deployment);
  }

  @Nullable ClauseId homeFirst(WorkloadClass workload) {
    return homeFirst.get(workload);
  }

  List<CompiledPolicy.Cap> caps(int deployment) {
    return caps.get(deployment);
  }
}
