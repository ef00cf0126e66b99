package dev.spillway.core.dispatch;

import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.routing.RoutingRequest;

/**
 * A request passed the door.
 *
 * @param gate which one: it leaves by the same
 * @param estimatedTokens what its tenant has had taken for it
 */
record Entry(TenantGate gate, RoutingRequest request, long estimatedTokens) {
  /** With so many tokens taken; more than there were are taken now. */
  Entry covering(long tokens, long nowNanos) {
    if (tokens <= estimatedTokens) {
      return this;
    }
    gate.takeMore(tokens - estimatedTokens, nowNanos);
    return new Entry(gate, request, tokens);
  }
}
