package dev.spillway.core.routing;

/**
 * How deployments are compared.
 *
 * @param tie prices this close count as equal, as a share; in [0, 1]; default 0.05
 * @param openGapMillis a deployment this much slower than waiting opens at once, at least 0;
 *     default 20, as NVIDIA Stargate's bucket width
 * @param openAfter share of the latency gap that a request waits before a slower deployment opens,
 *     in [0, 1]; default 0.25, as Stargate's wait-and-widen
 * @param initialMargin the margin before anything was learnt, as a share of the objective; 0 to 1;
 *     default 0.1: misses are known a time to first token late
 * @param marginStep how far one miss moves the learnt margin, as a share of the objective, in (0,
 *     1]; default 0.1
 * @param queueError share by which the time in a queue may be longer than predicted, at least 0;
 *     default 0.25: what is ahead is spread unevenly over replicas, and speeds drift
 * @param freshMillis age up to which a report adds no uncertainty, at least 0; default 2000: two
 *     reports
 * @param uncertaintyPerSecond what each second beyond that adds, milliseconds, at least 0; default
 *     20
 * @param mostUncertaintyMillis what that stops at, at least 0; default 500
 */
public record RouterTuning(
    double tie,
    double openGapMillis,
    double openAfter,
    double initialMargin,
    double marginStep,
    double queueError,
    double freshMillis,
    double uncertaintyPerSecond,
    double mostUncertaintyMillis) {
  /** The defaults above. */
  public static final RouterTuning DEFAULT =
      new RouterTuning(0.05, 20, 0.25, 0.1, 0.1, 0.25, 2_000, 20, 500);

  /** Checks every bound. */
  public RouterTuning {
    require(tie >= 0 && tie <= 1, "tie", tie, "0 to 1");
    require(openGapMillis >= 0, "open-gap-millis", openGapMillis, ">= 0");
    require(openAfter >= 0 && openAfter <= 1, "open-after", openAfter, "0 to 1");
    require(initialMargin >= 0 && initialMargin <= 1, "initial-margin", initialMargin, "0 to 1");
    require(marginStep > 0 && marginStep <= 1, "margin-step", marginStep, "> 0 and <= 1");
    require(queueError >= 0, "queue-error", queueError, ">= 0");
    require(freshMillis >= 0, "fresh-millis", freshMillis, ">= 0");
    require(uncertaintyPerSecond >= 0, "uncertainty-per-second", uncertaintyPerSecond, ">= 0");
    require(mostUncertaintyMillis >= 0, "most-uncertainty-millis", mostUncertaintyMillis, ">= 0");
  }

  private static void require(boolean holds, String key, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "router." + key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
