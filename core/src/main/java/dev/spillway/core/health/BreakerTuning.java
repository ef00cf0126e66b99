package dev.spillway.core.health;

import java.time.Duration;

/**
 * When a deployment counts as ill, and how it comes back.
 *
 * @param unreachableInARow attempts that found nobody, one after another, that open it; 1 to 7;
 *     default 3
 * @param failureRate share of failed attempts, smoothed over the last {@value
 *     Breaker#REMEMBERED_ATTEMPTS}, that opens it; in (0, 1]; default 0.5
 * @param holdDown how long it stays open at first, more than 0; default 5 s
 * @param mostHoldDown what doubling the hold-down stops at, at least {@code holdDown}; default 10 s
 * @param betweenProbes how long it stays open after a probe was sent that failed, more than 0;
 *     default 10 s: with the ramp, it has all its traffic again 25 s after it is well, however long
 *     or often it was ill
 * @param relapseWithin an opening this soon after the last one closed doubles the hold-down;
 *     default 5 min
 * @param ramp how long after its return it takes a growing share only; default 15 s
 * @param probeLimit when another probe may go although the first has no answer, more than 0;
 *     default 10 s, as between two that fail: what was swallowed by an ill one says as little
 * @param misconfiguredProbe how often one request tries an operation for which a deployment refuses
 *     our configuration, more than 0; default 60 s
 */
public record BreakerTuning(
    int unreachableInARow,
    double failureRate,
    Duration holdDown,
    Duration mostHoldDown,
    Duration betweenProbes,
    Duration relapseWithin,
    Duration ramp,
    Duration probeLimit,
    Duration misconfiguredProbe) {
  /** The defaults above. */
  public static final BreakerTuning DEFAULT =
      new BreakerTuning(
          3,
          0.5,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60));

  /** Checks every bound. */
  public BreakerTuning {
    if (unreachableInARow < 1 || unreachableInARow > 7) {
      throw new IllegalArgumentException(
          "breaker.unreachable-in-a-row: " + unreachableInARow + " (expected: 1 to 7)");
    }
    if (!(failureRate > 0 && failureRate <= 1)) {
      throw new IllegalArgumentException(
          "breaker.failure-rate: " + failureRate + " (expected: > 0 and <= 1)");
    }
    if (!holdDown.isPositive() || mostHoldDown.compareTo(holdDown) < 0) {
      throw new IllegalArgumentException(
          "breaker.hold-down: " + holdDown + " to " + mostHoldDown + " (expected: > 0, ascending)");
    }
    if (!betweenProbes.isPositive() || !misconfiguredProbe.isPositive()) {
      throw new IllegalArgumentException(
          "breaker.probes: " + betweenProbes + ", " + misconfiguredProbe + " (expected: > 0)");
    }
    if (relapseWithin.isNegative() || ramp.isNegative() || !probeLimit.isPositive()) {
      throw new IllegalArgumentException(
          "breaker: " + relapseWithin + ", " + ramp + ", " + probeLimit + " (expected: >= 0)");
    }
  }
}
