package dev.spillway.gateway.upstream;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.UpstreamTarget;

/**
 * Where a deployment is and how it is spoken to.
 *
 * @param deployment whose it is
 * @param endpoint where to connect
 * @param target what its URL says beyond that
 * @param dialect how its API differs from ours
 * @param credential what it wants to see; {@link Credential#NONE} if nothing
 */
public record Upstream(
    DeploymentId deployment,
    Endpoint endpoint,
    UpstreamTarget target,
    Dialect dialect,
    Credential credential) {}
