package dev.spillway.core.routing;

/** The rule that decided. */
public enum Why {
  /** The lowest price among those that meet the objective. */
  CHEAPEST_THAT_MEETS_OBJECTIVE,
  /** None meets the objective: the lowest time to first token. */
  FASTEST,
  /** The first attempt is late, and this one is expected to answer sooner. */
  HEDGE,
  /** Waiting for home's next slot is faster than anything that is open. */
  WAITING_IS_FASTER,
  /** Others wait whose turn is before: it stands behind them, whatever is open. */
  BEHIND_OTHERS,
  /** Every allowed deployment is without headroom. */
  NO_HEADROOM,
  /** Its tenant has more in flight than it may have by now. */
  TENANT_LIMIT,
  /** The contract allows none. */
  FORBIDDEN,
  /** An earlier attempt failed and nothing is left to try. */
  NOTHING_LEFT_TO_TRY
}
