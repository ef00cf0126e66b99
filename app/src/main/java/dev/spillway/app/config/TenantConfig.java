package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;

/** Who is served and billed. */
public record TenantConfig(
    @Key(
            value =
                "classes of work granted to it; the first is what a request is that says nothing",
            named = "class",
            otherwise = "online-inference")
        List<WorkloadClass> classes,
    @Key(value = "its place when requests wait", otherwise = "normal") Priority priority,
    @Key("where its data may be processed; anywhere if not said") List<Geography> residency,
    @Key("tenants with which it must never share a deployment") List<TenantId> rivals,
    @Key("models granted to it; all if not said") List<ModelName> models,
    @Key("what it proves itself with, at least one") List<KeySource> keys,
    @Key(value = "the most it may use", otherwise = "{}") TenantLimitsConfig limits) {
  /** A tenant without a key could never come in; one without a class could do nothing. */
  public TenantConfig {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("keys: none (expected: at least one)");
    }
    if (classes.isEmpty()) {
      throw new IllegalArgumentException("class: none (expected: at least one)");
    }
  }

  /** The tenant of this name. */
  public Tenant named(TenantId id) {
    return new Tenant(id, classes, priority, residency, rivals, models, limits.toLimits());
  }
}
