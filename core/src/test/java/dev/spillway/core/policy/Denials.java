package dev.spillway.core.policy;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;

/** Builds a {@link Clause.Deny}, list by list. */
record Denials(
    List<TenantId> tenants,
    List<WorkloadClass> classes,
    List<ModelName> models,
    List<SiteId> sites,
    List<ProviderId> providers,
    List<DeploymentId> deployments,
    List<Geography> geographies) {
  static final Denials NOTHING =
      new Denials(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  Denials tenants(TenantId... those) {
    return new Denials(List.of(those), classes, models, sites, providers, deployments, geographies);
  }

  Denials classes(WorkloadClass... those) {
    return new Denials(tenants, List.of(those), models, sites, providers, deployments, geographies);
  }

  Denials models(ModelName... those) {
    return new Denials(
        tenants, classes, List.of(those), sites, providers, deployments, geographies);
  }

  Denials sites(SiteId... those) {
    return new Denials(
        tenants, classes, models, List.of(those), providers, deployments, geographies);
  }

  Denials providers(ProviderId... those) {
    return new Denials(tenants, classes, models, sites, List.of(those), deployments, geographies);
  }

  Denials deployments(DeploymentId... those) {
    return new Denials(tenants, classes, models, sites, providers, List.of(those), geographies);
  }

  Denials geographies(Geography... those) {
    return new Denials(tenants, classes, models, sites, providers, deployments, List.of(those));
  }

  Clause as(String id) {
    return new Clause.Deny(
        Story.heading(id), tenants, classes, models, sites, providers, deployments, geographies);
  }
}
