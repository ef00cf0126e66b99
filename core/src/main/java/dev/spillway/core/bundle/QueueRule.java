package dev.spillway.core.bundle;

/**
 * When a site sends a request back because its queue is longer than the hub thought.
 *
 * <pre>
 *   refuse if actual &gt; max(expected + 25 ms, 1.25 * expected)
 * </pre>
 *
 * <p>The rule of NVIDIA's NVCF (pylon, 2026): a hub's view is a second old, and a refusal costs one
 * round trip where a wrong queue costs seconds.
 */
public final class QueueRule {
  private static final long SLACK_MICROS = 25_000;

  private QueueRule() {}

  /**
   * How much longer the queue is than one that would be put up with: 0 unless the request is to be
   * refused. All in microseconds, at least 0.
   */
  public static long excessMicros(long actualMicros, long expectedMicros) {
    long bound = Math.max(expectedMicros + SLACK_MICROS, expectedMicros + expectedMicros / 4);
    return Math.max(0, actualMicros - bound);
  }
}
