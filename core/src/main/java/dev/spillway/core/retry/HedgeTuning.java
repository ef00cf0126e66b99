package dev.spillway.core.retry;

import java.time.Duration;

/**
 * How often, and how soon, a second attempt runs beside a late first one.
 *
 * @param hedgesPerRequest hedges that each request to a deployment earns, 0 to 1; 0 with no reserve
 *     switches them off; default 0.05, after Dean and Barroso, "The tail at scale", 2013
 * @param hedgesInReserve hedges that need not be earned, at least 0; default 5
 * @param notBefore no first attempt is late sooner, more than 0; default 100 ms
 */
public record HedgeTuning(double hedgesPerRequest, int hedgesInReserve, Duration notBefore) {
  /** The defaults above. */
  public static final HedgeTuning DEFAULT = new HedgeTuning(0.05, 5, Duration.ofMillis(100));

  /** Checks every bound. */
  public HedgeTuning {
    if (!(hedgesPerRequest >= 0 && hedgesPerRequest <= 1) || hedgesInReserve < 0) {
      throw new IllegalArgumentException(
          "hedge: " + hedgesPerRequest + ", " + hedgesInReserve + " (expected: 0 to 1, >= 0)");
    }
    if (!notBefore.isPositive()) {
      throw new IllegalArgumentException("hedge.not-before: " + notBefore + " (expected: > 0)");
    }
  }
}
