package dev.spillway.core.model;

import java.time.Duration;

/**
 * The target that a class of requests is held to.
 *
 * @param ttft time to first token, more than zero
 * @param tpot mean time per output token, more than zero
 * @param attainment share of requests that must meet both, in (0, 1)
 * @param deadline when an answer is no longer wanted, counted from arrival, more than zero
 */
public record Objective(Duration ttft, Duration tpot, double attainment, Duration deadline) {
  /** What a class is held to that the configuration says nothing of. */
  public static final Objective DEFAULT =
      new Objective(Duration.ofSeconds(1), Duration.ofMillis(60), 0.995, Duration.ofMinutes(10));

  /** Checks every bound. */
  public Objective {
    positive("ttft", ttft);
    positive("tpot", tpot);
    positive("deadline", deadline);
    if (!(attainment > 0 && attainment < 1)) {
      throw new IllegalArgumentException(
          "objective.attainment: " + attainment + " (expected: > 0 % and < 100 %)");
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("objective." + key + ": " + value + " (expected: > 0)");
    }
  }
}
