package dev.spillway.core.quota;

/**
 * How a provider's bucket is predicted and learnt.
 *
 * @param depthSeconds seconds of draining that fill the bucket, before anything was learnt; more
 *     than 0; default 10. Providers do not publish it
 * @param spillsThatMayMiss share of spills that may begin with a refusal, in (0, 1); default 0.005:
 *     half of the 1 in 100 promised
 * @param marginStep how far one refusal moves the safety margin, as a share of the level, in (0,
 *     1]; default 0.1
 * @param depthBlame how much of the gap between the level we predicted and 1 a refusal takes off
 *     the depth, in [0, 1]; default 0.5
 * @param probe what one request taken at the brim adds to depth and drain, as a share, in [0, 0.1];
 *     default 0.0005
 * @param mostChange how far drain and depth may go from what was configured, as a factor of it,
 *     either way; more than 1; default 4
 */
public record BucketTuning(
    double depthSeconds,
    double spillsThatMayMiss,
    double marginStep,
    double depthBlame,
    double probe,
    double mostChange) {
  /** The defaults above. */
  public static final BucketTuning DEFAULT = new BucketTuning(10, 0.005, 0.1, 0.5, 0.01, 4);

  /** Checks every bound. */
  public BucketTuning {
    require(depthSeconds > 0, "depth-seconds", depthSeconds, "> 0");
    require(
        spillsThatMayMiss > 0 && spillsThatMayMiss < 1,
        "spills-that-may-miss",
        spillsThatMayMiss,
        "> 0 and < 1");
    require(marginStep > 0 && marginStep <= 1, "margin-step", marginStep, "> 0 and <= 1");
    require(depthBlame >= 0 && depthBlame <= 1, "depth-blame", depthBlame, "0 to 1");
    require(probe >= 0 && probe <= 0.1, "probe", probe, "0 to 0.1");
    require(mostChange > 1, "most-change", mostChange, "> 1");
  }

  private static void require(boolean holds, String key, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "bucket." + key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
