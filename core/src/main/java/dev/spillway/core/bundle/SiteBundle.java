package dev.spillway.core.bundle;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import java.util.List;

/**
 * What a site agent judges requests by: the contract as far as it concerns this site, and nothing
 * of other sites, prices or limits. Tenants have pseudonyms.
 *
 * @param version grows with every bundle that is made for a site
 * @param notAfterEpochSecond from then on nothing new is served by it, seconds since 1970
 * @param contract which contract it was made of
 * @param platform under which the site serves
 * @param site the site itself
 * @param deployments what may be served there
 * @param tenants who may be served there
 * @param clauses {@code deny} and {@code isolation} only: what the contract's clauses of any kind
 *     amount to at this site
 */
public record SiteBundle(
    long version,
    long notAfterEpochSecond,
    String contract,
    PlatformId platform,
    Site site,
    List<Served> deployments,
    List<Guest> tenants,
    List<Clause> clauses) {
  /** Copies. */
  public SiteBundle {
    deployments = List.copyOf(deployments);
    tenants = List.copyOf(tenants);
    clauses = List.copyOf(clauses);
  }

  /** A deployment and the model it serves. */
  public record Served(DeploymentId id, ModelName model) {}

  /**
   * A tenant who may be served there.
   *
   * @param pseudonym how it is called there
   * @param classes of the work it may ask for, at least one
   * @param rivals with whom it must not share a deployment, by pseudonym
   * @param models that it may ask for; empty for all
   */
  public record Guest(
      TenantId pseudonym,
      List<WorkloadClass> classes,
      List<TenantId> rivals,
      List<ModelName> models) {
    /** Copies. */
    public Guest {
      classes = List.copyOf(classes);
      rivals = List.copyOf(rivals);
      models = List.copyOf(models);
    }
  }
}
