package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A second reading of the contract, to judge the first by: one request, one deployment, one
 * sentence of the contract after the other.
 *
 * <p>Written from what the design and docs/policies/contract.md say, and slow on purpose. It knows
 * the fields of clauses and nothing of what production code makes of them: it calls no method of
 * {@link Clause}, {@link PolicyCompiler}, {@link Tenant#mayUse} or {@link Deployment#isHome}.
 */
public final class BruteForceContract {
  private final Topology topology;
  private final List<Tenant> tenants;
  private final Contract contract;

  /** Reads what a policy was compiled from. */
  public BruteForceContract(Topology topology, List<Tenant> tenants, Contract contract) {
    this.topology = topology;
    this.tenants = tenants;
    this.contract = contract;
  }

  /** Whether a request may use a deployment at this second. */
  public boolean allows(Ask ask, Deployment deployment, long epochSecond) {
    return deployment.model().equals(ask.model())
        && refusals(ask, deployment, epochSecond).isEmpty();
  }

  /** What refuses it, in the order in which it would be cited. */
  public List<String> refusals(Ask ask, Deployment deployment, long epochSecond) {
    LocalDate today = dayOf(epochSecond);
    Tenant tenant = find(ask.tenant());
    if (tenant == null || !granted(tenant, ask.workload(), deployment)) {
      return List.of("spillway:grant");
    }
    List<String> refusals = new ArrayList<>();
    if (!ask.residency().isEmpty() && isOutside(deployment.site(), ask.residency())) {
      refusals.add("spillway:residency");
    }
    refusals.addAll(standing(tenant, ask.workload(), deployment, today));
    for (Tenant other : tenants) {
      if (areRivals(tenant, other)
          && couldReach(tenant, deployment, today)
          && couldReach(other, deployment, today)) {
        refusals.add("spillway:rivals");
      }
    }
    return refusals;
  }

  /** The clause by which home is to be offered the request before a partner; null if none. */
  public @Nullable ClauseId homeFirst(Ask ask, long epochSecond) {
    for (Clause clause : contract.clauses()) {
      if (clause instanceof Clause.OfferHomeFirst rule
          && rule.classes().contains(ask.workload())
          && isInForce(rule.heading(), dayOf(epochSecond))) {
        return rule.heading().id();
      }
    }
    return null;
  }

  /** The caps in force on a deployment's provider, in the order of the contract. */
  public List<Clause.Cap> caps(Deployment deployment, long epochSecond) {
    List<Clause.Cap> caps = new ArrayList<>();
    for (Clause clause : contract.clauses()) {
      if (clause instanceof Clause.Cap cap
          && cap.provider().equals(deployment.site().provider())
          && isInForce(cap.heading(), dayOf(epochSecond))) {
        caps.add(cap);
      }
    }
    return caps;
  }

  /** Whether, on some day from {@code epochSecond} on, two rivals could reach one deployment. */
  public boolean rivalsMeetAfter(long epochSecond) {
    for (LocalDate day : daysOfChange(dayOf(epochSecond))) {
      for (Tenant one : tenants) {
        for (Tenant other : tenants) {
          if (areRivals(one, other) && meet(one, other, day)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Whether a deployment is dedicated to two tenants that are rivals. */
  public boolean rivalsAreDedicatedTheSame() {
    for (Clause clause : contract.clauses()) {
      if (clause instanceof Clause.Isolation dedicated) {
        for (TenantId one : dedicated.tenants()) {
          for (TenantId other : dedicated.tenants()) {
            if (areRivals(find(one), find(other))) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private boolean meet(Tenant one, Tenant other, LocalDate day) {
    for (Deployment deployment : topology.deployments()) {
      if (couldReach(one, deployment, day) && couldReach(other, deployment, day)) {
        return true;
      }
    }
    return false;
  }

  private boolean couldReach(Tenant tenant, Deployment deployment, LocalDate day) {
    for (WorkloadClass workload : tenant.classes()) {
      if (granted(tenant, workload, deployment)
          && standing(tenant, workload, deployment, day).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean granted(Tenant tenant, WorkloadClass workload, Deployment deployment) {
    boolean model = tenant.models().isEmpty() || tenant.models().contains(deployment.model());
    return model && tenant.classes().contains(workload);
  }

  /** What refuses whatever the tenant's request says itself. */
  private List<String> standing(
      Tenant tenant, WorkloadClass workload, Deployment deployment, LocalDate day) {
    List<String> refusals = new ArrayList<>();
    if (!tenant.residency().isEmpty() && isOutside(deployment.site(), tenant.residency())) {
      refusals.add("spillway:residency");
    }
    for (Clause clause : contract.clauses()) {
      if (isInForce(clause.heading(), day) && forbids(clause, tenant.id(), workload, deployment)) {
        refusals.add(clause.heading().id().value());
      }
    }
    return refusals;
  }

  private boolean forbids(
      Clause clause, TenantId tenant, WorkloadClass workload, Deployment deployment) {
    Site site = deployment.site();
    if (clause instanceof Clause.Residency rule) {
      boolean about = rule.tenants().isEmpty() || rule.tenants().contains(tenant);
      return about && isOutside(site, rule.geographies());
    }
    if (clause instanceof Clause.WorkloadPlacement rule) {
      return rule.workload().equals(workload) && !rule.sites().contains(site.id());
    }
    if (clause instanceof Clause.Licence rule) {
      return rule.models().contains(deployment.model()) && isUnlicensed(site, rule);
    }
    if (clause instanceof Clause.Isolation rule) {
      return rule.deployment().equals(deployment.id()) && !rule.tenants().contains(tenant);
    }
    if (clause instanceof Clause.Deny rule) {
      return denies(rule, tenant, workload, deployment);
    }
    return false;
  }

  private boolean isUnlicensed(Site site, Clause.Licence licence) {
    List<Object> servedUnder = new ArrayList<>();
    if (site.role() == Site.Role.HOME) {
      servedUnder.add(topology.platform());
    }
    if (site.extendsPlatform() != null) {
      servedUnder.add(site.extendsPlatform());
    }
    servedUnder.retainAll(licence.platforms());
    return servedUnder.isEmpty();
  }

  private static boolean denies(
      Clause.Deny deny, TenantId tenant, WorkloadClass workload, Deployment deployment) {
    Site site = deployment.site();
    if (!deny.geographies().isEmpty()
        && site.geography() != null
        && !deny.geographies().contains(site.geography())) {
      return false;
    }
    return isGivenAndHas(deny.tenants(), tenant)
        && isGivenAndHas(deny.classes(), workload)
        && isGivenAndHas(deny.models(), deployment.model())
        && isGivenAndHas(deny.sites(), site.id())
        && isGivenAndHas(deny.providers(), site.provider())
        && isGivenAndHas(deny.deployments(), deployment.id());
  }

  /** A list that was not given says nothing. */
  private static boolean isGivenAndHas(List<?> given, Object value) {
    return given.isEmpty() || given.contains(value);
  }

  private static boolean isOutside(Site site, List<Geography> geographies) {
    return site.geography() == null || !geographies.contains(site.geography());
  }

  private static boolean areRivals(@Nullable Tenant one, @Nullable Tenant other) {
    return one != null
        && other != null
        && (one.rivals().contains(other.id()) || other.rivals().contains(one.id()));
  }

  private @Nullable Tenant find(TenantId id) {
    for (Tenant tenant : tenants) {
      if (tenant.id().equals(id)) {
        return tenant;
      }
    }
    return null;
  }

  private List<LocalDate> daysOfChange(LocalDate first) {
    List<LocalDate> days = new ArrayList<>();
    days.add(first);
    for (Clause clause : contract.clauses()) {
      for (LocalDate day : new LocalDate[] {clause.heading().from(), clause.heading().until()}) {
        if (day != null && day.isAfter(first)) {
          days.add(day);
        }
      }
    }
    return days;
  }

  private static boolean isInForce(Clause.Heading heading, LocalDate day) {
    boolean begun = heading.from() == null || !day.isBefore(heading.from());
    boolean ended = heading.until() != null && !day.isBefore(heading.until());
    return begun && !ended;
  }

  private static LocalDate dayOf(long epochSecond) {
    return Instant.ofEpochSecond(epochSecond).atZone(ZoneOffset.UTC).toLocalDate();
  }
}
