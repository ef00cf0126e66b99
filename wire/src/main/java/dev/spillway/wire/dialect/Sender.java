package dev.spillway.wire.dialect;

import dev.spillway.core.model.Priority;

/**
 * On whose behalf a request is sent, as far as an engine may know.
 *
 * @param cacheSalt keeps the tenant's prefixes apart from those of others in an engine's cache; a
 *     secret of the hub's making, not the tenant's name; never empty
 * @param priority the tenant's order among those who wait
 */
public record Sender(String cacheSalt, Priority priority) {
  /** Checks that there is a salt: without one, tenants could probe each other's prompts. */
  public Sender {
    if (cacheSalt.isEmpty()) {
      throw new IllegalArgumentException("cacheSalt: '' (expected: a secret per tenant)");
    }
  }
}
