package dev.spillway.core.model;

import static java.util.stream.Collectors.joining;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a platform is made of: its sites and deployments.
 *
 * <p>A deployment's place in the list is its index: sets of deployments are bit sets over it.
 *
 * @param platform whose API, identity, contract and ledger this is
 * @param sites in the order of the configuration
 * @param deployments in the order of the configuration; at most {@value #MAX_DEPLOYMENTS}
 */
public record Topology(PlatformId platform, List<Site> sites, List<Deployment> deployments) {
  /** Enough for the largest platform we were told of, ten times over. */
  public static final int MAX_DEPLOYMENTS = 10_000;

  /** Checks that names are used once and that every deployment's site is one of the sites. */
  public Topology {
    sites = List.copyOf(sites);
    deployments = List.copyOf(deployments);
    if (deployments.size() > MAX_DEPLOYMENTS) {
      throw new IllegalArgumentException(
          "deployments: " + deployments.size() + " (expected: at most " + MAX_DEPLOYMENTS + ")");
    }
    Set<Object> seen = new HashSet<>();
    for (Site site : sites) {
      once(seen, site.id());
    }
    for (Deployment deployment : deployments) {
      once(seen, deployment.id());
      if (!sites.contains(deployment.site())) {
        throw new IllegalArgumentException(
            "deployments."
                + deployment.id()
                + ".site: "
                + deployment.site().id()
                + " (expected: one of "
                + sites.stream().map(site -> site.id().value()).collect(joining(", "))
                + ")");
      }
    }
  }

  /** The index of a deployment; empty if there is none of this name. */
  public Optional<Integer> indexOf(DeploymentId id) {
    for (int i = 0; i < deployments.size(); i++) {
      if (deployments.get(i).id().equals(id)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static void once(Set<Object> seen, Object id) {
    if (!seen.add(id)) {
      throw new IllegalArgumentException(id + ": used twice (expected: a name of its own)");
    }
  }
}
