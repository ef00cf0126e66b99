package dev.spillway.core.model;

/**
 * When nothing came of an answer that had begun.
 *
 * @param longestGapNanos the longest silence between two pieces of it, at least 0; 0 if it did not
 *     stream
 * @param unreadNanos for how long nothing of it was read because its client took nothing, at least
 *     0: that time is no deployment's
 */
public record Pauses(long longestGapNanos, long unreadNanos) {
  /** Of an answer that did not stream, or that nobody looked at. */
  public static final Pauses NONE = new Pauses(0, 0);

  /** Checks every bound. */
  public Pauses {
    if (longestGapNanos < 0 || unreadNanos < 0) {
      throw new IllegalArgumentException(
          "pauses: " + longestGapNanos + ", " + unreadNanos + " (expected: each >= 0)");
    }
  }
}
