package dev.spillway.core.model;

import java.util.List;

/**
 * Who is served and billed.
 *
 * @param id its name
 * @param classes the workload classes granted to it, at least one; the first is the default
 * @param priority its place when requests wait
 * @param residency where its data may be processed; empty means anywhere
 * @param rivals tenants with which it must never share a deployment
 * @param models the models granted to it; empty means all
 * @param limits what it may use at the door
 */
public record Tenant(
    TenantId id,
    List<WorkloadClass> classes,
    Priority priority,
    List<Geography> residency,
    List<TenantId> rivals,
    List<ModelName> models,
    TenantLimits limits) {
  /** Checks every bound and copies. */
  public Tenant {
    classes = List.copyOf(classes);
    residency = List.copyOf(residency);
    rivals = List.copyOf(rivals);
    models = List.copyOf(models);
    if (classes.isEmpty()) {
      throw new IllegalArgumentException("tenant.class: none (expected: at least one class)");
    }
    if (rivals.contains(id)) {
      throw new IllegalArgumentException("tenant.rivals: " + id + " is its own rival");
    }
  }

  /** Whether it may ask for this model. */
  public boolean mayUse(ModelName model) {
    return models.isEmpty() || models.contains(model);
  }
}
