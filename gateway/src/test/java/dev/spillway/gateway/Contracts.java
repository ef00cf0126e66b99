package dev.spillway.gateway;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Contract;
import java.util.List;
import java.util.stream.Stream;

/** Contracts for tests. */
final class Contracts {
  private Contracts() {}

  /** Each is forbidden by a clause of its own, which is called {@code no-} and its name. */
  static Contract without(String... deployments) {
    return new Contract(Stream.of(deployments).map(Contracts::deny).toList());
  }

  private static Clause deny(String deployment) {
    return new Clause.Deny(
        new Clause.Heading(new ClauseId("no-" + deployment), null, null, "it is audited"),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(new DeploymentId(deployment)),
        List.of());
  }
}
