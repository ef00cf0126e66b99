package dev.spillway.control.sites;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent that joined.
 *
 * @param keyId SHA-256 of its public key, hexadecimal: what it is known by, whatever its
 *     certificate
 * @param site as which it serves
 * @param provider whose machines they are
 * @param tenants whom it may serve; empty for all whom the contract allows
 * @param joinedAt when it came
 * @param revokedAt when it was told to leave; null if it may stay
 */
public record AgentRecord(
    String keyId,
    SiteId site,
    ProviderId provider,
    List<TenantId> tenants,
    Instant joinedAt,
    @Nullable Instant revokedAt) {
  /** Copies. */
  public AgentRecord {
    tenants = List.copyOf(tenants);
  }

  /** The same, told to leave. */
  AgentRecord revoked(Instant at) {
    return new AgentRecord(keyId, site, provider, tenants, joinedAt, at);
  }
}
