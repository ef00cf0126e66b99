package dev.spillway.core.quota;

/**
 * A bucket at one instant; each event answers with the next one.
 *
 * @param putIn weighted tokens that were ever put in, less those taken back
 * @param tokens weighted tokens in it, at least 0
 * @param atNanos the instant; of an empty bucket it means nothing
 * @param size what it is believed to be
 * @param mark what happened since the provider last said how full it is
 */
record BucketState(double putIn, double tokens, long atNanos, Size size, Mark mark) {
  /**
   * What the provider keeps to itself.
   *
   * @param drainPerNano weighted tokens that leave in a nanosecond, more than 0
   * @param depthTokens weighted tokens that make a level of 1, more than 0
   */
  record Size(double drainPerNano, double depthTokens) {}

  /**
   * Since when we count, and what.
   *
   * @param fromNanos when the level was 1, by the provider's word
   * @param taken weighted tokens since then, those of others as far as the provider told of them
   * @param sawEmpty whether the bucket was empty since then, or the provider has said nothing yet:
   *     then what it holds is known from its bottom, else from its brim
   * @param foreign weighted tokens of others in it, by the provider's word; they drain as ours do
   */
  record Mark(long fromNanos, double taken, boolean sawEmpty, double foreign) {
    static final Mark NONE = new Mark(0, 0, true, 0);
  }

  double level() {
    return tokens / size.depthTokens;
  }

  /** What {@link #level} will be at a later instant, if nothing happens until then. */
  double levelAt(long nowNanos) {
    return Math.max(0, tokensAt(nowNanos)) / size.depthTokens;
  }

  BucketState at(long nowNanos) {
    if (tokens == 0) {
      return new BucketState(putIn, 0, nowNanos, size, mark);
    }
    return nowNanos - atNanos <= 0 ? this : drained(tokensAt(nowNanos), nowNanos);
  }

  private double tokensAt(long nowNanos) {
    return tokens - size.drainPerNano * Math.max(0, nowNanos - atNanos);
  }

  /** Adds tokens, or takes them back; {@code more} may be negative. */
  BucketState plus(double more) {
    double taken = Math.max(0, mark.taken + more);
    Mark counted = new Mark(mark.fromNanos, taken, mark.sawEmpty, mark.foreign);
    return new BucketState(putIn + more, tokens, atNanos, size, counted)
        .holding(tokens + more, atNanos);
  }

  /** Another size, with the same tokens in it. */
  BucketState sized(Size next) {
    return new BucketState(putIn, tokens, atNanos, next, mark);
  }

  /** It holds more than we put in, by the provider's word: others put in the rest. */
  BucketState told(double held) {
    double more = held - tokens;
    Mark next = new Mark(mark.fromNanos, mark.taken + more, mark.sawEmpty, mark.foreign + more);
    return new BucketState(putIn, held, atNanos, size, next);
  }

  /** The level will be 1 after this time, by the provider's word. */
  BucketState brimIn(long nanos) {
    Mark fresh = new Mark(atNanos + nanos, 0, false, 0);
    double held = size.depthTokens + size.drainPerNano * nanos;
    return new BucketState(putIn, held, atNanos, size, fresh);
  }

  private BucketState drained(double left, long nowNanos) {
    double foreign = mark.foreign * Math.max(0, left) / tokens;
    Mark next = new Mark(mark.fromNanos, mark.taken, mark.sawEmpty, foreign);
    return new BucketState(putIn, tokens, atNanos, size, next).holding(left, nowNanos);
  }

  private BucketState holding(double next, long nowNanos) {
    return next > 0
        ? new BucketState(putIn, next, nowNanos, size, mark)
        : new BucketState(putIn, 0, nowNanos, size, new Mark(mark.fromNanos, mark.taken, true, 0));
  }
}
