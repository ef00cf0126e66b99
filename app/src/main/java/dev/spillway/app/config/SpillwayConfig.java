package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole of {@code spillway.yaml}. */
public record SpillwayConfig(
    @Key("whose API, identity, contract and ledger this hub is") PlatformId platform,
    @Key(value = "where the hub listens", otherwise = "{}") ListenConfig listen,
    @Key("regions where deployments run, each by a provider") Map<SiteId, SiteConfig> sites,
    @Key("what routing picks: one model at one site")
        Map<DeploymentId, DeploymentConfig> deployments,
    @Key("what was agreed; where several clauses refuse, the first is cited")
        Map<ClauseId, ClauseConfig> contract,
    @Key("who is served and billed") Map<TenantId, TenantConfig> tenants,
    @Key("other names of models, each with the model's own") Map<ModelName, ModelName> aliases,
    @Key("what each class of work is held to; a class without one has the defaults")
        Map<WorkloadClass, ObjectiveConfig> objectives,
    @Key(value = "how engines of our own are watched", otherwise = "{}") EnginesConfig engines,
    @Key(
            value = "how long attempts are waited for, and how many a request may have",
            otherwise = "{}")
        AttemptsConfig attempts,
    @Key(value = "what the data port takes in at the most", otherwise = "{}") LimitsConfig limits,
    @Key(
            "what tenants' cache salts and the ids of kept responses are made of; hubs that serve together share it; random, and other at the next start, if not said")
        @Nullable SecretSource cacheSalt) {
  /** Refuses a hub that could serve nobody. */
  public SpillwayConfig {
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("sites: none (expected: at least one)");
    }
    if (deployments.isEmpty()) {
      throw new IllegalArgumentException("deployments: none (expected: at least one)");
    }
    if (tenants.isEmpty()) {
      throw new IllegalArgumentException("tenants: none (expected: at least one)");
    }
  }
}
