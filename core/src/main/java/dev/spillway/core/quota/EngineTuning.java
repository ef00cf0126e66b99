package dev.spillway.core.quota;

/**
 * How much of our own engines we plan with.
 *
 * @param plannedKvShare share of the KV cache that reservations may fill, in (0, 1]; default 0.8,
 *     below the 0.85 at which a deployment counts as saturated
 * @param heldReportMillis how long a report's queue is believed, in milliseconds, more than 0;
 *     default 3000: three reports
 */
public record EngineTuning(double plannedKvShare, long heldReportMillis) {
  /** The defaults above. */
  public static final EngineTuning DEFAULT = new EngineTuning(0.8, 3_000);

  /** Checks every bound. */
  public EngineTuning {
    if (!(plannedKvShare > 0 && plannedKvShare <= 1)) {
      throw new IllegalArgumentException(
          "engine.planned-kv-share: " + plannedKvShare + " (expected: > 0 and <= 1)");
    }
    if (heldReportMillis < 1) {
      throw new IllegalArgumentException(
          "engine.held-report-millis: " + heldReportMillis + " (expected: >= 1)");
    }
  }
}
