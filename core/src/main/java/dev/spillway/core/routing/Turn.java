package dev.spillway.core.routing;

import dev.spillway.core.quota.ConcurrencyLimit;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.quota.EngineSeats;
import dev.spillway.core.quota.ProvisionedBucket;

/** When a deployment may take a request that waits behind others. */
final class Turn {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private Turn() {}

  /**
   * How long until then, milliseconds.
   *
   * @param ahead requests that wait before it
   */
  static double inMillis(Parts parts, RoutingRequest request, int ahead, long nowNanos) {
    Demand demand = request.demand();
    long asked = parts.closedForNanos(demand, nowNanos);
    long room = parts.headroom.roomInNanos(demand, nowNanos);
    long wellIn =
        Math.max(
            parts.rotation.opensInNanos(request.operation(), nowNanos),
            parts.breaker.opensInNanos(nowNanos));
    long closed = Math.max(asked, wellIn);
    if (closed > 0 && room == 0 && ahead == 0) {
      return closed / NANOS_PER_MILLI; // only the clock keeps it away
    }
    long turn = room + othersFirstNanos(parts, demand, ahead);
    return Math.max(closed, turn) / NANOS_PER_MILLI;
  }

  /** How long those ahead take up what becomes free. */
  private static long othersFirstNanos(Parts parts, Demand demand, int ahead) {
    return (long)
        switch (parts.headroom) {
          case ProvisionedBucket bucket ->
              ahead * demand.tokens() / bucket.tokensPerSecond() * NANOS_PER_SECOND;
          case EngineSeats _, ConcurrencyLimit _ ->
              parts.load.holdNanos() / Math.max(1, parts.load.inFlight()) * (ahead + 1);
        };
  }
}
