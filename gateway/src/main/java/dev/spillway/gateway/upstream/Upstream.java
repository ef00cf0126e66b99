package dev.spillway.gateway.upstream;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.UpstreamTarget;

/**
 * Where a deployment is and how it is spoken to.
 *
 * @param deployment whose it is
 * @param place where to connect, or whose links to take
 * @param target what its URL says beyond that
 * @param dialect how its API differs from ours
 * @param credential what it wants to see; {@link Credential#NONE} if nothing
 */
public record Upstream(
    DeploymentId deployment,
    Place place,
    UpstreamTarget target,
    Dialect dialect,
    Credential credential) {
  /** Where to connect; only of one that no agent serves. */
  Endpoint endpoint() {
    if (place instanceof Endpoint endpoint) {
      return endpoint;
    }
    throw new IllegalStateException(deployment + " is reached by links only");
  }
}
