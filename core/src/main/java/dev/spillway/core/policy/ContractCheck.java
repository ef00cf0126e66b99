package dev.spillway.core.policy;

import static java.util.stream.Collectors.joining;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds everything in a contract, and in the tenants it speaks of, that cannot be meant.
 *
 * <p>A name that nothing has is a problem wherever it stands: in a list of what is allowed it would
 * refuse more than was meant, in a {@code deny} it would refuse nothing.
 */
final class ContractCheck {
  private static final int NAMES_SHOWN = 12;

  private final Terms terms;
  private final Set<TenantId> tenants = new LinkedHashSet<>();
  private final Set<SiteId> sites = new LinkedHashSet<>();
  private final Set<ProviderId> providers = new LinkedHashSet<>();
  private final Set<PlatformId> platforms = new LinkedHashSet<>();
  private final Set<Geography> geographies = new LinkedHashSet<>();
  private final Set<DeploymentId> deployments = new LinkedHashSet<>();
  private final Set<ModelName> models = new LinkedHashSet<>();
  private final List<PolicyProblem> problems = new ArrayList<>();

  ContractCheck(Terms terms) {
    this.terms = terms;
    terms.tenants().forEach(tenant -> tenants.add(tenant.id()));
    platforms.add(terms.topology().platform());
    for (Site site : terms.topology().sites()) {
      sites.add(site.id());
      providers.add(site.provider());
      if (site.extendsPlatform() != null) {
        platforms.add(site.extendsPlatform());
      }
      if (site.geography() != null) {
        geographies.add(site.geography());
      }
    }
    for (Deployment deployment : terms.topology().deployments()) {
      deployments.add(deployment.id());
      models.add(deployment.model());
    }
  }

  /** In the order of the configuration, the contract's first; empty if all is well. */
  List<PolicyProblem> problems() {
    Set<ClauseId> seen = new HashSet<>();
    for (Clause clause : terms.contract().clauses()) {
      String path = "contract." + clause.id();
      if (!seen.add(clause.id())) {
        add(path, "used twice (expected: an id of its own)");
      }
      checkHeading(path, clause.heading());
      checkClause(path, clause);
    }
    checkTenants();
    return List.copyOf(problems);
  }

  private void checkHeading(String path, Clause.Heading heading) {
    if (heading.id().value().startsWith(Terms.RESERVED)) {
      add(path, "reserved (expected: an id that does not begin with " + Terms.RESERVED + ")");
    }
    if (heading.from() != null
        && heading.until() != null
        && !heading.from().isBefore(heading.until())) {
      add(
          path + ".until",
          heading.until() + " (expected: after from, which is " + heading.from() + ")");
    }
  }

  private void checkClause(String path, Clause clause) {
    switch (clause) {
      case Clause.Residency(_, var whose, var where) -> {
        known(path + ".tenants", whose, tenants);
        someKnown(path + ".geographies", where, geographies);
      }
      case Clause.WorkloadPlacement(_, _, var where) -> someKnown(path + ".sites", where, sites);
      case Clause.Licence(_, var what, var under) -> {
        someKnown(path + ".models", what, models);
        someKnown(path + ".platforms", under, platforms);
      }
      case Clause.OfferHomeFirst(_, var classes) -> some(path + ".classes", classes);
      case Clause.Isolation isolation -> checkIsolation(path, isolation);
      case Clause.Cap cap -> checkCap(path, cap);
      case Clause.Deny deny -> checkDeny(path, deny);
    }
  }

  private void checkIsolation(String path, Clause.Isolation isolation) {
    known(path + ".deployment", List.of(isolation.deployment()), deployments);
    someKnown(path + ".tenants", isolation.tenants(), tenants);
    for (Terms.Rivals rivals : terms.rivals()) {
      if (isolation.tenants().containsAll(List.of(rivals.declarer(), rivals.other()))) {
        add(
            path + ".tenants",
            rivals.declarer()
                + " and "
                + rivals.other()
                + " are rivals (expected: tenants that may share "
                + isolation.deployment()
                + ")");
      }
    }
  }

  private void checkCap(String path, Clause.Cap cap) {
    known(path + ".provider", List.of(cap.provider()), providers);
    if (cap.spend() == null && cap.share() == null) {
      add(path, "limits nothing (expected: spend, share or both)");
    }
    if (cap.spend() != null && cap.spend().amount() < 0) {
      add(path + ".spend", cap.spend() + " (expected: >= 0 USD)");
    }
    if (cap.share() != null && !(cap.share() >= 0 && cap.share() <= 1)) {
      add(path + ".share", cap.share() + " (expected: 0 to 1)");
    }
  }

  private void checkDeny(String path, Clause.Deny deny) {
    known(path + ".tenants", deny.tenants(), tenants);
    known(path + ".models", deny.models(), models);
    known(path + ".sites", deny.sites(), sites);
    known(path + ".providers", deny.providers(), providers);
    known(path + ".deployments", deny.deployments(), deployments);
    known(path + ".geographies", deny.geographies(), geographies);
    if (deny.isUnconditional()) {
      add(
          path,
          "denies everything (expected: at least one of tenants, classes, models, sites,"
              + " providers, deployments, geographies)");
    }
  }

  private void checkTenants() {
    Set<TenantId> seen = new HashSet<>();
    for (Tenant tenant : terms.tenants()) {
      String path = "tenants." + tenant.id();
      if (!seen.add(tenant.id())) {
        add(path, "used twice (expected: an id of its own)");
      }
      known(path + ".residency", tenant.residency(), geographies);
      known(path + ".rivals", tenant.rivals(), tenants);
      known(path + ".models", tenant.models(), models);
    }
  }

  private <T> void someKnown(String path, List<T> named, Set<T> known) {
    some(path, named);
    known(path, named, known);
  }

  private void some(String path, List<?> named) {
    if (named.isEmpty()) {
      add(path, "none (expected: at least one)");
    }
  }

  private <T> void known(String path, List<T> named, Set<T> known) {
    for (T name : named) {
      if (!known.contains(name)) {
        add(path, name + " (expected: " + oneOf(known) + ")");
      }
    }
  }

  private static String oneOf(Set<?> known) {
    if (known.isEmpty()) {
      return "nothing: the file names none to choose from";
    }
    String shown = known.stream().limit(NAMES_SHOWN).map(Object::toString).collect(joining(", "));
    int more = known.size() - NAMES_SHOWN;
    return "one of " + shown + (more > 0 ? " and " + more + " more" : "");
  }

  private void add(String path, String message) {
    problems.add(new PolicyProblem(path, message));
  }
}
