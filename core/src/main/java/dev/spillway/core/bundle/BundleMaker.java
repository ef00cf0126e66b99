package dev.spillway.core.bundle;

import dev.spillway.core.bundle.SiteBundle.Guest;
import dev.spillway.core.bundle.SiteBundle.Served;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a whole contract what one site is to know of it.
 *
 * <p>What a clause says has two halves: whom it concerns and which deployments it excludes. Of the
 * second, a site needs its own deployments only; of the first, only tenants who may come there at
 * all. So every clause becomes a {@code deny} of some deployments here, keeping its id, dates and
 * reason; {@code isolation} stays one, because it concerns all but those it names. Caps and {@code
 * offer-home-first} exclude nothing, and are the hub's to keep.
 */
public final class BundleMaker {
  private final Topology topology;
  private final Site site;
  private final List<Deployment> here;
  private final List<Tenant> guests;
  private final UnaryOperator<TenantId> pseudonym;

  /**
   * For one site.
   *
   * @param admitted tenants whom its agent may serve; empty for all
   * @param pseudonym how a tenant is called there
   */
  public BundleMaker(
      Topology topology,
      Site site,
      List<Tenant> tenants,
      List<TenantId> admitted,
      UnaryOperator<TenantId> pseudonym) {
    this.topology = topology;
    this.site = site;
    this.pseudonym = pseudonym;
    this.here = topology.deployments().stream().filter(d -> d.site().equals(site)).toList();
    this.guests =
        tenants.stream()
            .filter(tenant -> admitted.isEmpty() || admitted.contains(tenant.id()))
            .filter(this::mayComeHere)
            .toList();
  }

  /** The bundle of this contract. */
  public SiteBundle make(
      Contract contract, String contractVersion, long version, long notAfterEpochSecond) {
    List<Clause> clauses = new ArrayList<>();
    for (Clause clause : contract.clauses()) {
      Clause projected = projected(clause);
      if (projected != null) {
        clauses.add(projected);
      }
    }
    return new SiteBundle(
        version,
        notAfterEpochSecond,
        contractVersion,
        topology.platform(),
        site,
        here.stream().map(each -> new Served(each.id(), each.model())).toList(),
        guests.stream().map(this::guest).toList(),
        clauses);
  }

  private boolean mayComeHere(Tenant tenant) {
    boolean resides =
        tenant.residency().isEmpty()
            || (site.geography() != null && tenant.residency().contains(site.geography()));
    return resides && here.stream().anyMatch(each -> tenant.mayUse(each.model()));
  }

  private Guest guest(Tenant tenant) {
    List<TenantId> rivals =
        guests.stream().map(Tenant::id).filter(tenant.rivals()::contains).toList();
    List<ModelName> models =
        here.stream().map(Deployment::model).distinct().filter(tenant::mayUse).toList();
    return new Guest(pseudonym.apply(tenant.id()), tenant.classes(), pseudonyms(rivals), models);
  }

  /** Null if it excludes nobody from anything here. */
  private @Nullable Clause projected(Clause clause) {
    return switch (clause) {
      case Clause.Residency(var heading, var tenants, _) ->
          deny(heading, clause, tenants, List.of());
      case Clause.WorkloadPlacement(var heading, var workload, _) ->
          deny(heading, clause, List.of(), List.of(workload));
      case Clause.Licence licence -> deny(licence.heading(), clause, List.of(), List.of());
      case Clause.Deny deny -> deny(deny.heading(), clause, deny.tenants(), deny.classes());
      case Clause.Isolation(var heading, var dedicated, var tenants) ->
          isolation(heading, clause, dedicated, tenants);
      case Clause.OfferHomeFirst _ -> null;
      case Clause.Cap _ -> null;
    };
  }

  private @Nullable Clause deny(
      Clause.Heading heading, Clause clause, List<TenantId> tenants, List<WorkloadClass> classes) {
    List<DeploymentId> excluded =
        here.stream()
            .filter(each -> clause.excludes(each, topology.platform()))
            .map(Deployment::id)
            .toList();
    List<TenantId> whose = known(tenants);
    if (excluded.isEmpty() || (whose.isEmpty() && !tenants.isEmpty())) {
      return null;
    }
    return new Clause.Deny(
        heading, whose, classes, List.of(), List.of(), List.of(), excluded, List.of());
  }

  private @Nullable Clause isolation(
      Clause.Heading heading, Clause clause, DeploymentId dedicated, List<TenantId> tenants) {
    List<TenantId> whose = known(tenants);
    if (whose.isEmpty()) {
      return deny(heading, clause, List.of(), List.of()); // dedicated to nobody who may come here
    }
    return here.stream().anyMatch(each -> each.id().equals(dedicated))
        ? new Clause.Isolation(heading, dedicated, whose)
        : null;
  }

  private List<TenantId> known(List<TenantId> tenants) {
    return pseudonyms(guests.stream().map(Tenant::id).filter(tenants::contains).toList());
  }

  private List<TenantId> pseudonyms(List<TenantId> tenants) {
    return tenants.stream().map(pseudonym).toList();
  }
}
