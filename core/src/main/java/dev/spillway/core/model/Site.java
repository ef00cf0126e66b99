package dev.spillway.core.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One provider's region where deployments run.
 *
 * @param id its name
 * @param provider who owns the infrastructure
 * @param role whether it belongs to the platform or to a partner
 * @param geography where it is; null if nobody said, and then every residency clause refuses it
 * @param extendsPlatform the platform it extends; null if it serves under its own provider's name
 * @param roundTrip network time from the hub and back, at least 0; the prior of what is measured
 */
public record Site(
    SiteId id,
    ProviderId provider,
    Role role,
    @Nullable Geography geography,
    @Nullable PlatformId extendsPlatform,
    Duration roundTrip) {
  /** Checks every bound. */
  public Site {
    if (roundTrip.isNegative()) {
      throw new IllegalArgumentException("site.round-trip: " + roundTrip + " (expected: >= 0)");
    }
  }

  /** Whose machines a site stands on, seen from the platform. */
  public enum Role {
    /** The platform's own provider. */
    HOME,
    /** Another provider whose site the platform uses. */
    PARTNER
  }
}
