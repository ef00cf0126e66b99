package dev.spillway.core.quota;

/**
 * How much of our own engines we plan with.
 *
 * @param plannedKvShare share of the KV cache that reservations may fill, in (0, 1]; default 0.8,
 *     below the 0.85 at which a deployment counts as saturated
 * @param heldReportMillis how long a report's queue is believed, in milliseconds, more than 0;
 *     default 3000: three reports
 * @param forgottenReportMillis how long anything of a report is believed, in milliseconds, where
 *     reports do not come more rarely than a third of that; at least {@code heldReportMillis};
 *     default 30,000: what is unknown is neither full nor empty
 */
public record EngineTuning(
    double plannedKvShare, long heldReportMillis, long forgottenReportMillis) {
  /** The defaults above. */
  public static final EngineTuning DEFAULT = new EngineTuning(0.8, 3_000, 30_000);

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
    if (forgottenReportMillis < heldReportMillis) {
      throw new IllegalArgumentException(
          "engine.forgotten-report-millis: "
              + forgottenReportMillis
              + " (expected: >= "
              + heldReportMillis
              + ")");
    }
  }
}
