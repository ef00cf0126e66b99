package dev.spillway.core.quota;

/**
 * What a deployment can still take, by the way its capacity is limited.
 *
 * <p>Every {@link #tryTake} that succeeds is followed by exactly one {@link #giveBack}. All methods
 * may be called from any event loop: the state is stepped by compare-and-set.
 */
public sealed interface Headroom permits ProvisionedBucket, EngineSeats, ConcurrencyLimit {
  /** Of {@link #roomFromNanos}: before any clock, 146 years either way of the zero of nanoTime. */
  long NOW = Long.MIN_VALUE / 2;

  /** Of {@link #roomFromNanos}: only something that happens can make room. */
  long NEVER = Long.MAX_VALUE / 2;

  /** Whether a request of this size fits now. */
  boolean fits(Demand demand, long nowNanos);

  /**
   * From when on every request of at most {@link #mostTokens} fits, if nothing happens until then:
   * an instant, {@link #NOW} or {@link #NEVER}.
   */
  long roomFromNanos();

  /** The input and output tokens together of a request that fits from then on. */
  long mostTokens();

  /** Takes what a request is expected to use, or nothing if it does not fit. */
  boolean tryTake(Demand demand, long nowNanos);

  /**
   * Takes it, room or not: for a request that has nowhere else to go, because what is known of the
   * room may be wrong.
   */
  void take(Demand demand, long nowNanos);

  /**
   * An attempt is over: the truth replaces the estimate.
   *
   * @param taken what was taken for it
   * @param used what it used; of a request that was refused, nothing
   */
  void giveBack(Demand taken, Demand used, long nowNanos);

  /**
   * The provider refused a request because it is full; what was taken for it was given back.
   *
   * @param sentNanos when the attempt was sent: one that was on its way when another was refused is
   *     no news
   * @param retryAfterNanos how long it asked to be left alone, at least 0
   */
  void refused(long sentNanos, long retryAfterNanos, long nowNanos);

  /**
   * The provider took a request.
   *
   * @param taken what was taken for it
   * @param saturationAtTake what {@link #saturation} was before
   * @param inflation time to first token over what it would be without load, 1 is none
   */
  void accepted(Demand taken, double saturationAtTake, double inflation, long nowNanos);

  /** How full it is: 1 is full. */
  double saturation(long nowNanos);

  /** How long until a request of this size may fit, nanoseconds; a guess, at least 0. */
  long roomInNanos(Demand demand, long nowNanos);
}
