package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a contract.
 *
 * <p>A request may use a deployment that no clause in force refuses: denial overrides, and no
 * clause can give back what another takes. What a clause cannot know, such as where a site without
 * a geography lies, it refuses.
 *
 * <p>What a clause says of a request and a deployment has two halves, whom it concerns and what it
 * excludes; {@link PolicyCompiler} turns the second into a bit set, once for all requests.
 *
 * <p>Records copy their lists and check nothing: {@link PolicyCompiler} names every problem of a
 * contract at once.
 */
public sealed interface Clause {
  /** Its name, when it is in force, and why it was agreed. */
  Heading heading();

  /** Its name in the contract; every decision records it. */
  default ClauseId id() {
    return heading().id();
  }

  /** Whether it forbids a request a deployment at this second since 1970; the whole meaning. */
  default boolean refuses(Ask ask, Deployment deployment, PlatformId platform, long epochSecond) {
    return heading().inForce(epochSecond)
        && concerns(ask.tenant(), ask.workload())
        && excludes(deployment, platform);
  }

  /** Whether it excludes anything from this tenant's work of this class. */
  default boolean concerns(TenantId tenant, WorkloadClass workload) {
    return switch (this) {
      case Residency(_, var tenants, _) -> tenants.isEmpty() || tenants.contains(tenant);
      case WorkloadPlacement(_, var placed, _) -> placed == workload;
      case Licence _ -> true;
      case Isolation(_, _, var tenants) -> !tenants.contains(tenant);
      case Deny deny ->
          (deny.tenants.isEmpty() || deny.tenants.contains(tenant))
              && (deny.classes.isEmpty() || deny.classes.contains(workload));
      case OfferHomeFirst _ -> false;
      case Cap _ -> false;
    };
  }

  /**
   * Whether it excludes a deployment from the work it concerns.
   *
   * @param platform the hub's own, to which every home site belongs
   */
  default boolean excludes(Deployment deployment, PlatformId platform) {
    Site site = deployment.site();
    return switch (this) {
      case Residency(_, _, var geographies) ->
          site.geography() == null || !geographies.contains(site.geography());
      case WorkloadPlacement(_, _, var sites) -> !sites.contains(site.id());
      case Licence licence ->
          licence.models.contains(deployment.model()) && !licence.covers(site, platform);
      case Isolation(_, var dedicated, _) -> dedicated.equals(deployment.id());
      case Deny deny -> deny.matches(deployment);
      case OfferHomeFirst _ -> false;
      case Cap _ -> false;
    };
  }

  /**
   * What every clause has.
   *
   * @param id its name in the contract
   * @param from the first day on which it is in force, from midnight UTC; null if it always was
   * @param until the first day on which it no longer is, from midnight UTC; null if it stays
   * @param because why it was agreed, for people; empty if nobody said
   */
  record Heading(ClauseId id, @Nullable LocalDate from, @Nullable LocalDate until, String because) {
    /** Whether it is in force at this second since 1970. */
    public boolean inForce(long epochSecond) {
      return (from == null || epochSecond >= firstSecondOf(from))
          && (until == null || epochSecond < firstSecondOf(until));
    }

    static long firstSecondOf(LocalDate day) {
      return day.toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC);
    }
  }

  /**
   * Data may be processed in these geographies only; a site without one is in none of them.
   *
   * @param tenants whose data; empty means everybody's
   * @param geographies where, at least one
   */
  record Residency(Heading heading, List<TenantId> tenants, List<Geography> geographies)
      implements Clause {
    /** Copies. */
    public Residency {
      tenants = List.copyOf(tenants);
      geographies = List.copyOf(geographies);
    }
  }

  /**
   * A class of work may run at these sites only ({@code workload-class}).
   *
   * @param workload which class
   * @param sites where, at least one
   */
  record WorkloadPlacement(Heading heading, WorkloadClass workload, List<SiteId> sites)
      implements Clause {
    /** Copies. */
    public WorkloadPlacement {
      sites = List.copyOf(sites);
    }
  }

  /**
   * Models may be served under these platforms only. A home site serves under the hub's platform, a
   * site that extends a platform under that one, any other under none.
   *
   * @param models which models, at least one
   * @param platforms under which, at least one
   */
  record Licence(Heading heading, List<ModelName> models, List<PlatformId> platforms)
      implements Clause {
    /** Copies. */
    public Licence {
      models = List.copyOf(models);
      platforms = List.copyOf(platforms);
    }

    private boolean covers(Site site, PlatformId platform) {
      return (site.role() == Site.Role.HOME && platforms.contains(platform))
          || (site.extendsPlatform() != null && platforms.contains(site.extendsPlatform()));
    }
  }

  /**
   * A partner may be used only when home was considered and found without headroom. It excludes no
   * deployment; routing honours it.
   *
   * @param classes the classes of work it speaks of, at least one
   */
  record OfferHomeFirst(Heading heading, List<WorkloadClass> classes) implements Clause {
    /** Copies. */
    public OfferHomeFirst {
      classes = List.copyOf(classes);
    }
  }

  /**
   * A deployment is dedicated: nobody but these tenants may use it.
   *
   * @param deployment which one
   * @param tenants for whom, at least one
   */
  record Isolation(Heading heading, DeploymentId deployment, List<TenantId> tenants)
      implements Clause {
    /** Copies. */
    public Isolation {
      tenants = List.copyOf(tenants);
    }
  }

  /**
   * A limit on what a provider is paid, or on its share of the work. It excludes no deployment for
   * good; routing holds it against what was used in the period.
   *
   * @param provider whom it limits
   * @param spend the most it is paid in a period, at least 0; null if only the share is limited
   * @param share its largest share of output tokens in a period, 0 to 1; null if only the spend is
   *     limited
   * @param per how often it starts again
   */
  record Cap(
      Heading heading,
      ProviderId provider,
      @Nullable NanoUsd spend,
      @Nullable Double share,
      Period per)
      implements Clause {}

  /**
   * Whatever matches every list that is given is forbidden; an empty list is not given, and at
   * least one must be. A site without a geography matches any list of them, since it may lie there.
   */
  record Deny(
      Heading heading,
      List<TenantId> tenants,
      List<WorkloadClass> classes,
      List<ModelName> models,
      List<SiteId> sites,
      List<ProviderId> providers,
      List<DeploymentId> deployments,
      List<Geography> geographies)
      implements Clause {
    /** Copies. */
    public Deny {
      tenants = List.copyOf(tenants);
      classes = List.copyOf(classes);
      models = List.copyOf(models);
      sites = List.copyOf(sites);
      providers = List.copyOf(providers);
      deployments = List.copyOf(deployments);
      geographies = List.copyOf(geographies);
    }

    /** Whether no list is given, so that it would forbid everything. */
    boolean isUnconditional() {
      return Stream.of(tenants, classes, models, sites, providers, deployments, geographies)
          .allMatch(List::isEmpty);
    }

    private boolean matches(Deployment deployment) {
      Site site = deployment.site();
      return (models.isEmpty() || models.contains(deployment.model()))
          && (sites.isEmpty() || sites.contains(site.id()))
          && (providers.isEmpty() || providers.contains(site.provider()))
          && (deployments.isEmpty() || deployments.contains(deployment.id()))
          && (geographies.isEmpty()
              || site.geography() == null
              || geographies.contains(site.geography()));
    }
  }
}
