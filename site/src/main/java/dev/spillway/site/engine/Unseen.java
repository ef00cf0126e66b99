package dev.spillway.site.engine;

/**
 * Prompts that one engine has under way whose first token nobody sees: their answers come all at
 * once, after the last token. They are read one after the other at the rate that engines are
 * believed to have, and nothing of a prompt is left when its answer ended.
 *
 * <p>One immutable record, stepped by compare-and-set.
 *
 * @param requests under way
 * @param tokens that these had to be read of, when they were sent
 * @param left of these to be read, at that instant
 * @param atNanos the instant, on the monotonic clock
 */
record Unseen(int requests, long tokens, double left, long atNanos) {
  static final Unseen NONE = new Unseen(0, 0, 0, 0);

  private static final double NANOS_PER_SECOND = 1e9;

  /** What is left to read of them; all of it if nobody knows the rate (0). */
  double left(double tokensPerSecond, long nowNanos) {
    double read = Math.max(0, nowNanos - atNanos) / NANOS_PER_SECOND * tokensPerSecond;
    return Math.max(0, left - read);
  }

  Unseen sent(long more, double tokensPerSecond, long nowNanos) {
    return new Unseen(
        requests + 1, tokens + more, left(tokensPerSecond, nowNanos) + more, nowNanos);
  }

  /** No more is left than was sent for those that are still under way. */
  Unseen ended(long less, double tokensPerSecond, long nowNanos) {
    long others = tokens - less;
    return new Unseen(
        requests - 1, others, Math.min((double) others, left(tokensPerSecond, nowNanos)), nowNanos);
  }
}
