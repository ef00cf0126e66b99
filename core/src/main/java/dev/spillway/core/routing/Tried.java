package dev.spillway.core.routing;

import dev.spillway.core.model.DeploymentId;

/** Where a request was already, in vain. */
@FunctionalInterface
public interface Tried {
  /** Nowhere. */
  Tried NOWHERE = _ -> false;

  /** Whether it is not to be sent there now. */
  boolean rulesOut(DeploymentId deployment);
}
