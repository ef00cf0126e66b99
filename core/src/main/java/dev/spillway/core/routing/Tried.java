package dev.spillway.core.routing;

import dev.spillway.core.model.Deployment;
import org.jspecify.annotations.Nullable;

/** What a request's own past rules out. */
@FunctionalInterface
public interface Tried {
  /** Nothing. */
  Tried NOWHERE = _ -> null;

  /** Why it is not to be sent there now; null if nothing of its past speaks against it. */
  @Nullable Rule rulesOut(Deployment deployment);
}
