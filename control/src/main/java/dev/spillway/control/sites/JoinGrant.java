package dev.spillway.control.sites;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * What a join token lets in.
 *
 * @param site as which the agent serves
 * @param provider whose machines they are
 * @param tenants whom it may serve; empty for all whom the contract allows
 * @param expiresAt when it is worth nothing any more
 */
public record JoinGrant(
    SiteId site, ProviderId provider, List<TenantId> tenants, Instant expiresAt) {
  /** Copies. */
  public JoinGrant {
    tenants = List.copyOf(tenants);
  }
}
