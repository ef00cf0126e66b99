package dev.spillway.core.quota;

/**
 * A bucket at one instant; each event answers with the next one.
 *
 * @param tokens weighted tokens in it, at least 0
 * @param atNanos the instant; of an empty bucket it means nothing
 * @param drainPerNano weighted tokens that leave in a nanosecond, more than 0
 * @param depthTokens weighted tokens that make a level of 1, more than 0
 * @param brimNanos when the provider last said that its level is 1; meaningless while {@code
 *     sinceBrim} is negative
 * @param sinceBrim weighted tokens taken since then; negative if it never said
 */
record BucketState(
    double tokens,
    long atNanos,
    double drainPerNano,
    double depthTokens,
    long brimNanos,
    double sinceBrim) {
  static final double NEVER = -1;

  double level() {
    return tokens / depthTokens;
  }

  BucketState at(long nowNanos) {
    if (tokens == 0) {
      return with(0, nowNanos, sinceBrim);
    }
    long elapsed = nowNanos - atNanos;
    return elapsed <= 0
        ? this
        : with(Math.max(0, tokens - drainPerNano * elapsed), nowNanos, sinceBrim);
  }

  /** Adds tokens, or takes them back; {@code more} may be negative. */
  BucketState plus(double more) {
    double counted = sinceBrim == NEVER ? NEVER : Math.max(0, sinceBrim + more);
    return with(Math.max(0, tokens + more), atNanos, counted);
  }

  /** Another size, with the same tokens in it. */
  BucketState sized(double drain, double depth) {
    return new BucketState(tokens, atNanos, drain, depth, brimNanos, sinceBrim);
  }

  /** The level will be 1 after this time: the one thing that a provider tells of its bucket. */
  BucketState brimIn(long nanos) {
    double now = depthTokens + drainPerNano * nanos;
    return new BucketState(now, atNanos, drainPerNano, depthTokens, atNanos + nanos, 0);
  }

  private BucketState with(double nextTokens, long nextNanos, double nextSince) {
    return new BucketState(nextTokens, nextNanos, drainPerNano, depthTokens, brimNanos, nextSince);
  }
}
