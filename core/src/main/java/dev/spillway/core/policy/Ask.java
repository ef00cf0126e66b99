package dev.spillway.core.policy;

import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;

/**
 * The facts of a request that clauses speak of, fixed when it was authenticated.
 *
 * @param tenant who asks
 * @param workload what kind of work it is
 * @param model what is asked for, by its own name (aliases are resolved before)
 * @param residency where this request's data may be processed, beyond what its tenant's residency
 *     says; empty if the request says nothing
 */
public record Ask(
    TenantId tenant, WorkloadClass workload, ModelName model, List<Geography> residency) {
  /** Copies. */
  public Ask {
    residency = List.copyOf(residency);
  }
}
