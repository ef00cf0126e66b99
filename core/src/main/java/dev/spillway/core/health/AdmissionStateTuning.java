package dev.spillway.core.health;

import java.time.Duration;

/**
 * When a self-hosted deployment stops taking requests, after Praxis Grid's admission states.
 *
 * @param enter saturation from which a report is bad, more than {@code exit}; default 0.85
 * @param exit saturation up to which a report is good, more than 0; default 0.70
 * @param badReports bad reports in a row that close it by one state, at least 1; default 2
 * @param goodReports good reports in a row that open it by one state, at least 1; default 3
 * @param atLeast time in a state before the next change, at least 0; default 10 s
 * @param queuePerReplica requests in an engine's own queue that count as saturation 1, at least 1;
 *     default 8
 */
public record AdmissionStateTuning(
    double enter,
    double exit,
    int badReports,
    int goodReports,
    Duration atLeast,
    int queuePerReplica) {
  /** The defaults above. */
  public static final AdmissionStateTuning DEFAULT =
      new AdmissionStateTuning(0.85, 0.70, 2, 3, Duration.ofSeconds(10), 8);

  /** Checks every bound. */
  public AdmissionStateTuning {
    if (!(exit > 0 && enter > exit)) {
      throw new IllegalArgumentException(
          "admission-state: enter " + enter + ", exit " + exit + " (expected: enter > exit > 0)");
    }
    if (badReports < 1 || goodReports < 1 || queuePerReplica < 1 || atLeast.isNegative()) {
      throw new IllegalArgumentException(
          "admission-state: "
              + badReports
              + ", "
              + goodReports
              + ", "
              + queuePerReplica
              + ", "
              + atLeast
              + " (expected: counts >= 1, time >= 0)");
    }
  }
}
