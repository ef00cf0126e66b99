package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a policy is compiled from.
 *
 * @param topology what there is to use
 * @param tenants who may ask
 * @param contract what was agreed
 */
record Terms(Topology topology, List<Tenant> tenants, Contract contract) {
  static final String RESERVED = "spillway:";
  static final ClauseId GRANT = new ClauseId(RESERVED + "grant");
  static final ClauseId RESIDENCY = new ClauseId(RESERVED + "residency");
  static final ClauseId RIVALS = new ClauseId(RESERVED + "rivals");

  Terms {
    tenants = List.copyOf(tenants);
  }

  /** The clauses of the contract, after those that tenants' own residency amounts to. */
  List<Clause> clauses() {
    List<Clause> clauses = new ArrayList<>();
    for (Tenant tenant : tenants) {
      if (!tenant.residency().isEmpty()) {
        clauses.add(residency(List.of(tenant.id()), tenant.residency(), "the tenant's residency"));
      }
    }
    clauses.addAll(contract.clauses());
    return clauses;
  }

  /** The clause that a request's own residency amounts to. */
  static Clause requested(List<Geography> allowed) {
    return residency(List.of(), allowed, "the request's residency");
  }

  private static Clause residency(List<TenantId> tenants, List<Geography> allowed, String because) {
    return new Clause.Residency(
        new Clause.Heading(RESIDENCY, null, null, because), tenants, allowed);
  }

  /** Two tenants that must never share a deployment. */
  record Rivals(TenantId declarer, TenantId other) {}

  /** Each pair once, in the order in which they were declared. */
  List<Rivals> rivals() {
    List<Rivals> pairs = new ArrayList<>();
    for (Tenant tenant : tenants) {
      for (TenantId rival : tenant.rivals()) {
        if (!pairs.contains(new Rivals(rival, tenant.id()))) {
          pairs.add(new Rivals(tenant.id(), rival));
        }
      }
    }
    return pairs;
  }
}
