package dev.spillway.core.dispatch;

import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.routing.RoutingRequest;

/**
 * A request passed the door.
 *
 * @param gate which one: it leaves by the same
 * @param estimatedTokens what its tenant has had taken for it
 * @param turnedOut whether it is in flight no more, by lower limits than it came in with
 */
record Entry(TenantGate gate, RoutingRequest request, long estimatedTokens, boolean turnedOut) {
  /** It has just come in. */
  Entry(TenantGate gate, RoutingRequest request, long estimatedTokens) {
    this(gate, request, estimatedTokens, false);
  }

  /** With so many tokens taken; more than there were are taken now. */
  Entry covering(long tokens, long nowNanos) {
    if (tokens <= estimatedTokens) {
      return this;
    }
    gate.takeMore(tokens - estimatedTokens, nowNanos);
    return new Entry(gate, request, tokens, turnedOut);
  }

  /** It is to end. */
  Entry out() {
    return new Entry(gate, request, estimatedTokens, true);
  }

  /** It is over, and used so many tokens. */
  void leave(long usedTokens, long nowNanos) {
    if (turnedOut) {
      gate.leaveTurnedOut(estimatedTokens, usedTokens, nowNanos);
    } else {
      gate.leave(estimatedTokens, usedTokens, nowNanos);
    }
  }
}
