package dev.spillway.gateway.auth;

import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;

/**
 * What a key gives its holder.
 *
 * @param tenant whose key it is
 * @param classes the workload classes it may choose among, at least one; the first is the default
 * @param cacheSalt keeps the tenant's prefixes apart in engines' caches; a secret, never empty
 */
public record Grant(Tenant tenant, List<WorkloadClass> classes, String cacheSalt) {
  /** Copies. */
  public Grant {
    classes = List.copyOf(classes);
    if (classes.isEmpty() || cacheSalt.isEmpty()) {
      throw new IllegalArgumentException(
          "grant: " + tenant.id() + " without a class or salt (expected: both)");
    }
  }

  @Override
  public String toString() {
    return "Grant[" + tenant.id() + "]";
  }
}
