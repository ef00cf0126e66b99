package dev.spillway.core.quota;

/**
 * A provider's quota of requests or tokens, as it states it with an answer.
 *
 * @param remaining what it still takes of it, at least 0
 * @param limit all there can be of it, at least {@code remaining}; 0 if it does not say
 * @param resetNanos how long until all of it is there again, if nobody takes any; more than 0
 * @param refill how it comes back until then
 */
public record Quota(long remaining, long limit, long resetNanos, Refill refill) {
  /** Checks every bound. */
  public Quota {
    if (remaining < 0 || (limit != 0 && limit < remaining) || resetNanos < 1) {
      throw new IllegalArgumentException(
          "quota: %d of %d for %d ns (expected: 0 to the limit, >= 1)"
              .formatted(remaining, limit, resetNanos));
    }
  }

  /** How what was taken comes back. */
  public enum Refill {
    /** Little by little. */
    EVENLY,
    /** All of it when the time is over. */
    AT_ONCE
  }

  /** What comes back in a nanosecond. */
  double perNano() {
    return refill == Refill.EVENLY && limit > remaining
        ? (limit - remaining) / (double) resetNanos
        : 0;
  }
}
