package dev.spillway.core.health;

/** As everywhere. */
public enum BreakerState {
  /** Attempts go through. */
  CLOSED,
  /** None does. */
  OPEN,
  /** One probe is under way, or it has just come back. */
  HALF_OPEN
}
