package dev.spillway.app.config;

import dev.spillway.app.yaml.Inline;
import dev.spillway.app.yaml.Key;
import dev.spillway.app.yaml.Kind;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of the contract; {@code docs/policies/contract.md} says what each kind means.
 *
 * <p>Whether its names exist, and its lists are full, the policy compiler says.
 */
public sealed interface ClauseConfig {
  /** The clause of this name, in core's words. */
  Clause named(ClauseId id);

  /** Where data may be processed. */
  @Kind("residency")
  record Residency(
      @Key("whose data; everybody's if not said") List<TenantId> tenants,
      @Key("where it may be processed, at least one") List<Geography> geographies,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      return new Clause.Residency(term.of(id), tenants, geographies);
    }
  }

  /** Where a class of work may run. */
  @Kind("workload-class")
  record WorkloadPlacement(
      @Key(value = "which class of work", named = "class") WorkloadClass workload,
      @Key("where it may run, at least one") List<SiteId> sites,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      return new Clause.WorkloadPlacement(term.of(id), workload, sites);
    }
  }

  /** Under which platforms models may be served. */
  @Kind("licence")
  record Licence(
      @Key("which models, at least one") List<ModelName> models,
      @Key("under which platforms, at least one") List<PlatformId> platforms,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      return new Clause.Licence(term.of(id), models, platforms);
    }
  }

  /** Home before a partner. */
  @Kind("offer-home-first")
  record OfferHomeFirst(
      @Key("the classes of work it speaks of, at least one") List<WorkloadClass> classes,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      return new Clause.OfferHomeFirst(term.of(id), classes);
    }
  }

  /** A dedicated deployment. */
  @Kind("isolation")
  record Isolation(
      @Key("which deployment is dedicated") DeploymentId deployment,
      @Key("to whom, at least one; no two of them rivals") List<TenantId> tenants,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      return new Clause.Isolation(term.of(id), deployment, tenants);
    }
  }

  /** The most that a provider gets. */
  @Kind("cap")
  record Cap(
      @Key("whom it limits") ProviderId provider,
      @Key(value = "the most it is paid in a period", atLeast = "0 USD") @Nullable NanoUsd spend,
      @Key(
              value = "its largest share of output tokens in a period",
              atLeast = "0%",
              atMost = "100%")
          @Nullable Share share,
      @Key("when the count starts again, by the UTC calendar") Period per,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      Double part = share == null ? null : share.value();
      return new Clause.Cap(term.of(id), provider, spend, part, per);
    }
  }

  /** Whatever matches every list that is given. */
  @Kind("deny")
  record Deny(
      @Key("these tenants") List<TenantId> tenants,
      @Key("these classes of work") List<WorkloadClass> classes,
      @Key("these models") List<ModelName> models,
      @Key("at these sites") List<SiteId> sites,
      @Key("at these providers") List<ProviderId> providers,
      @Key("at these deployments") List<DeploymentId> deployments,
      @Key("in these geographies") List<Geography> geographies,
      @Inline ClauseTerm term)
      implements ClauseConfig {
    @Override
    public Clause named(ClauseId id) {
      return new Clause.Deny(
          term.of(id), tenants, classes, models, sites, providers, deployments, geographies);
    }
  }
}
