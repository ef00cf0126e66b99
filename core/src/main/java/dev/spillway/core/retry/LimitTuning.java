package dev.spillway.core.retry;

import java.time.Duration;

/**
 * How long an attempt is waited for; learnt by deployment and reasoning effort within these bounds.
 *
 * @param firstContentFloor an attempt is never given up sooner for want of content, more than 0;
 *     default 5 s
 * @param firstContentCeiling nor later, where another deployment may answer; at least the floor;
 *     default 30 s
 * @param stallFloor silence in mid-answer up to which no attempt is given up, more than 0; default
 *     5 s
 * @param stallCeiling silence from which every attempt is; at least the floor; default 30 s
 * @param factor multiple of the learnt {@value #QUANTILE} quantile (of first content, of the
 *     longest gap) that is too long, at least 1; default 4
 * @param learntFrom answers seen before what was learnt counts, at least 1; default 16
 */
public record LimitTuning(
    Duration firstContentFloor,
    Duration firstContentCeiling,
    Duration stallFloor,
    Duration stallCeiling,
    double factor,
    int learntFrom) {
  /** Which of the times seen are usual. */
  public static final double QUANTILE = 0.95;

  /** The defaults above. */
  public static final LimitTuning DEFAULT =
      new LimitTuning(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          4,
          16);

  /** Checks every bound. */
  public LimitTuning {
    ascending("first-content", firstContentFloor, firstContentCeiling);
    ascending("stall", stallFloor, stallCeiling);
    if (!(factor >= 1) || learntFrom < 1) {
      throw new IllegalArgumentException(
          "limits: " + factor + ", " + learntFrom + " (expected: each >= 1)");
    }
  }

  private static void ascending(String key, Duration floor, Duration ceiling) {
    if (!floor.isPositive() || ceiling.compareTo(floor) < 0) {
      throw new IllegalArgumentException(
          "limits." + key + ": " + floor + " to " + ceiling + " (expected: > 0, ascending)");
    }
  }
}
