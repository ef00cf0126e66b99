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

  /** Whether to refuse; both in microseconds, at least 0. */
  public static boolean refuses(long actualMicros, long expectedMicros) {
    long bound = Math.max(expectedMicros + SLACK_MICROS, expectedMicros + expectedMicros / 4);
    return actualMicros > bound;
  }
}
