package dev.spillway.core.routing;

import dev.spillway.core.model.Deployment;
import org.jspecify.annotations.Nullable;

/**
 * What a request's own past rules out, what it could never be served by, and what others have the
 * first turn at.
 */
@FunctionalInterface
public interface Tried {
  /** Nothing. */
  Tried NOWHERE = _ -> null;

  /** Why it is not to be sent there now; null if nothing of its past speaks against it. */
  @Nullable Rule rulesOut(LiveDeployment deployment);

  /** Whether the deployment can serve it at all, whatever the contract says. */
  default boolean isAble(Deployment deployment) {
    return true;
  }

  /** Whether others wait for room there whose turn is before this one's. */
  default boolean isKeptForOthers(LiveDeployment deployment) {
    return false;
  }
}
