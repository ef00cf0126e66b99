package dev.spillway.core.dispatch;

import dev.spillway.core.model.DeploymentId;
import java.util.Collection;
import java.util.Set;

/**
 * What a new configuration says otherwise of deployments that there were before, as far as the
 * topology does not show it.
 *
 * @param said those whose configuration or credential is another: where ours was refused, it is
 *     tried again at once
 * @param moved those that are asked at another address: how the old one was says nothing of it
 */
public record Changes(Set<DeploymentId> said, Set<DeploymentId> moved) {
  /** None. */
  public static final Changes NONE = new Changes(Set.of(), Set.of());

  /** Copies. */
  public Changes {
    said = Set.copyOf(said);
    moved = Set.copyOf(moved);
  }

  /** These, which are where they were. */
  public static Changes of(Collection<DeploymentId> said) {
    return new Changes(Set.copyOf(said), Set.of());
  }
}
