package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.CompiledPolicy.Cap;
import dev.spillway.core.policy.CompiledPolicy.Meter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the clauses in force at one instant into sets.
 *
 * <p>What a clause excludes is worked out once, and so is what serves a model; a tenant's class
 * then costs a few operations on words of 64 deployments each.
 */
final class SegmentCompiler {
  private final Terms terms;
  private final List<Meter> meters;
  private final List<Exclusion> exclusions = new ArrayList<>();
  private final Map<ModelName, BitSet> serving = new LinkedHashMap<>();

  /** What grants and clauses leave to a tenant's class, whatever the model. */
  private final Map<TenantId, Map<WorkloadClass, BitSet>> free = new HashMap<>();

  /** Most tenants may use the same: a set that is equal to another is kept once. */
  private final Map<DeploymentSet, DeploymentSet> once = new HashMap<>();

  private record Exclusion(Clause clause, BitSet deployments) {}

  /** What two rivals could both reach; mostly nothing. */
  record Conflict(Terms.Rivals rivals, BitSet deployments) {}

  SegmentCompiler(Terms terms, List<Meter> meters, long instant) {
    this.terms = terms;
    this.meters = meters;
    List<Deployment> deployments = terms.topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      serving.computeIfAbsent(deployments.get(i).model(), _ -> new BitSet()).set(i);
    }
    for (Clause clause : terms.clauses()) {
      if (clause.heading().inForce(instant)) {
        exclusions.add(new Exclusion(clause, excludedBy(clause)));
      }
    }
    for (Tenant tenant : terms.tenants()) {
      free.put(tenant.id(), freeFor(tenant));
    }
  }

  /** One for each pair of rivals, in the order in which they were declared. */
  List<Conflict> conflicts() {
    List<Conflict> conflicts = new ArrayList<>();
    for (Terms.Rivals rivals : terms.rivals()) {
      BitSet both = reachOf(rivals.declarer());
      both.and(reachOf(rivals.other()));
      conflicts.add(new Conflict(rivals, both));
    }
    return conflicts;
  }

  Segment compile() {
    Map<TenantId, BitSet> withheld = withheld();
    Map<TenantId, Map<WorkloadClass, Map<ModelName, DeploymentSet>>> allowed = new HashMap<>();
    free.forEach((tenant, byClass) -> {
      BitSet shared = withheld.getOrDefault(tenant, new BitSet());
      Map<WorkloadClass, Map<ModelName, DeploymentSet>> sets = new EnumMap<>(WorkloadClass.class);
      byClass.forEach((workload, bits) -> sets.put(workload, byModel(bits, shared)));
      allowed.put(tenant, sets);
    });
    Map<TenantId, DeploymentSet> kept = new HashMap<>();
    withheld.forEach((tenant, bits) -> kept.put(tenant, DeploymentSet.of(bits)));
    return new Segment(allowed, kept, homeFirst(), caps());
  }

  /** What rivals could both reach is withheld from both. */
  private Map<TenantId, BitSet> withheld() {
    Map<TenantId, BitSet> withheld = new HashMap<>();
    for (Conflict conflict : conflicts()) {
      for (TenantId rival : List.of(conflict.rivals.declarer(), conflict.rivals.other())) {
        withheld.computeIfAbsent(rival, _ -> new BitSet()).or(conflict.deployments);
      }
    }
    return withheld;
  }

  private BitSet excludedBy(Clause clause) {
    List<Deployment> deployments = terms.topology().deployments();
    BitSet bits = new BitSet();
    for (int i = 0; i < deployments.size(); i++) {
      bits.set(i, clause.excludes(deployments.get(i), terms.topology().platform()));
    }
    return bits;
  }

  private Map<WorkloadClass, BitSet> freeFor(Tenant tenant) {
    BitSet granted = new BitSet();
    serving.forEach((model, bits) -> {
      if (tenant.mayUse(model)) {
        granted.or(bits);
      }
    });
    Map<WorkloadClass, BitSet> byClass = new EnumMap<>(WorkloadClass.class);
    for (WorkloadClass workload : tenant.classes()) {
      BitSet left = (BitSet) granted.clone();
      for (Exclusion exclusion : exclusions) {
        if (exclusion.clause.concerns(tenant.id(), workload)) {
          left.andNot(exclusion.deployments);
        }
      }
      byClass.put(workload, left);
    }
    return byClass;
  }

  private BitSet reachOf(TenantId tenant) {
    BitSet reach = new BitSet();
    free.getOrDefault(tenant, Map.of()).values().forEach(reach::or);
    return reach;
  }

  private Map<ModelName, DeploymentSet> byModel(BitSet free, BitSet withheld) {
    Map<ModelName, DeploymentSet> sets = new HashMap<>();
    serving.forEach((model, bits) -> {
      BitSet left = (BitSet) bits.clone();
      left.and(free);
      left.andNot(withheld);
      sets.put(model, once.computeIfAbsent(DeploymentSet.of(left), same -> same));
    });
    return sets;
  }

  private Map<WorkloadClass, ClauseId> homeFirst() {
    Map<WorkloadClass, ClauseId> first = new EnumMap<>(WorkloadClass.class);
    for (Exclusion exclusion : exclusions) {
      if (exclusion.clause instanceof Clause.OfferHomeFirst(var heading, var classes)) {
        classes.forEach(workload -> first.putIfAbsent(workload, heading.id()));
      }
    }
    return first;
  }

  private List<List<Cap>> caps() {
    return terms.topology().deployments().stream().map(this::capsOn).toList();
  }

  private List<Cap> capsOn(Deployment deployment) {
    List<Cap> caps = new ArrayList<>();
    for (Exclusion exclusion : exclusions) {
      if (exclusion.clause instanceof Clause.Cap cap
          && cap.provider().equals(deployment.site().provider())) {
        int meter = meters.indexOf(new Meter(cap.provider(), cap.per()));
        double share = cap.share() == null ? 1 : cap.share();
        caps.add(new Cap(cap.id(), meter, cap.spend(), share));
      }
    }
    return List.copyOf(caps);
  }
}
