package dev.spillway.core.policy;

import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Tenant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what ruled a deployment out, by reading the clauses one after the other.
 *
 * <p>It does not look at the compiled sets, so that each is a check of the other.
 */
final class Explanation {
  private final Terms terms;
  private final List<Clause> clauses;

  Explanation(Terms terms) {
    this.terms = terms;
    this.clauses = terms.clauses();
  }

  List<RuledOut> of(Ask ask, long epochSecond, Segment segment) {
    List<RuledOut> ruledOut = new ArrayList<>();
    List<Deployment> deployments = terms.topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      if (deployments.get(i).model().equals(ask.model())) {
        RuledOut verdict = verdict(ask, i, epochSecond, segment);
        if (verdict != null) {
          ruledOut.add(verdict);
        }
      }
    }
    return List.copyOf(ruledOut);
  }

  private @Nullable RuledOut verdict(Ask ask, int index, long epochSecond, Segment segment) {
    Deployment deployment = terms.topology().deployments().get(index);
    String ungranted = ungranted(ask);
    if (ungranted != null) {
      return new RuledOut(deployment.id(), Terms.GRANT, ungranted);
    }
    for (Clause clause : clausesFor(ask)) {
      if (clause.refuses(ask, deployment, terms.topology().platform(), epochSecond)) {
        return new RuledOut(deployment.id(), clause.id(), Wording.of(clause));
      }
    }
    if (segment.withholds(ask.tenant(), index)) {
      return new RuledOut(deployment.id(), Terms.RIVALS, "a rival could reach it too");
    }
    return null;
  }

  private @Nullable String ungranted(Ask ask) {
    for (Tenant tenant : terms.tenants()) {
      if (tenant.id().equals(ask.tenant())) {
        if (!tenant.classes().contains(ask.workload())) {
          return ask.workload().label() + " is not granted to " + ask.tenant();
        }
        return tenant.mayUse(ask.model())
            ? null
            : ask.model() + " is not granted to " + ask.tenant();
      }
    }
    return "there is no tenant " + ask.tenant();
  }

  private List<Clause> clausesFor(Ask ask) {
    if (ask.residency().isEmpty()) {
      return clauses;
    }
    List<Clause> all = new ArrayList<>();
    all.add(Terms.requested(ask.residency()));
    all.addAll(clauses);
    return all;
  }
}
