package dev.spillway.core.routing;

/**
 * Prompts under way whose first output token nobody will see: believed to be read one after the
 * other, at the rate that is believed in when each is sent.
 *
 * <p>Answers that come all at once do not tell how fast prompts are read, so that a wrong rate
 * would never be found out. What is known for sure holds the belief within bounds: an attempt that
 * has ended is read no more, and what is not read yet is under way.
 *
 * @param readAtNanos when the last of them will have been read
 * @param inFlight how many are under way
 * @param tokens their input
 */
record Unseen(long readAtNanos, int inFlight, long tokens) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Nothing, and long ago. */
  static final Unseen NONE = new Unseen(Long.MIN_VALUE / 2, 0, 0);

  /** What reading takes. */
  static long readingNanos(long inputTokens, double tokensPerSecond) {
    return (long) (inputTokens / tokensPerSecond * NANOS_PER_SECOND);
  }

  Unseen sent(long inputTokens, long readingNanos, long nowNanos) {
    long from = readAtNanos - nowNanos > 0 ? readAtNanos : nowNanos;
    return new Unseen(from + readingNanos, inFlight + 1, tokens + inputTokens);
  }

  /**
   * One has ended.
   *
   * @param inputTokens its input
   * @param unreadNanos what was left to read of it
   */
  Unseen ended(long inputTokens, long unreadNanos, double tokensPerSecond, long nowNanos) {
    if (inFlight == 0 || tokens < inputTokens) {
      throw new IllegalStateException("more attempts ended than began");
    }
    long left = tokens - inputTokens;
    long atMost = nowNanos + readingNanos(left, tokensPerSecond);
    long next = readAtNanos - unreadNanos;
    return new Unseen(next - atMost > 0 ? atMost : next, inFlight - 1, left);
  }

  /** Tokens that are not read yet. */
  long unreadTokens(double tokensPerSecond, long nowNanos) {
    double seconds = Math.max(0, readAtNanos - nowNanos) / NANOS_PER_SECOND;
    return Math.min(tokens, (long) (seconds * tokensPerSecond));
  }
}
