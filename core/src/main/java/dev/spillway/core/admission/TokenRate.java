package dev.spillway.core.admission;

/**
 * A rate with a burst, as a pure step over one {@code long}.
 *
 * <p>The state is the instant at which the bucket will be full again, in nanoseconds of the
 * caller's monotonic clock; a bucket that is full has an instant in the past. Because it is one
 * number, event loops share it in an {@link java.util.concurrent.atomic.AtomicLong} with
 * compare-and-set. Arithmetic is on {@code long}s, so a replay gives the same answer to the last
 * unit.
 *
 * <p>This is the generic cell rate algorithm of ITU-T I.371, with requests or tokens in place of
 * cells. Rates are per minute, as providers and people state them.
 *
 * @param perMinute units that come back in a minute, at least 1
 * @param burst the most that can be taken at once, at least 1
 */
public record TokenRate(long perMinute, long burst) {
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final long MOST_NANOS = Long.MAX_VALUE / 4;

  /** Checks every bound. */
  public TokenRate {
    if (perMinute < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "rate: " + perMinute + " per minute, burst " + burst + " (expected: each >= 1)");
    }
  }

  /**
   * Takes units if they are all there, or if the bucket is full: a request larger than the burst
   * would else never pass.
   *
   * @param fullAtNanos the state
   * @param units how many, at least 0
   * @param nowNanos the clock now
   * @return the next state, or {@code fullAtNanos} itself if they were not all there
   */
  public long take(long fullAtNanos, long units, long nowNanos) {
    return waitNanos(fullAtNanos, units, nowNanos) > 0
        ? fullAtNanos
        : settle(fullAtNanos, units, nowNanos);
  }

  /** How long until that many units are there, nanoseconds; 0 if they are there now. */
  public long waitNanos(long fullAtNanos, long units, long nowNanos) {
    long debt = Math.max(0, fullAtNanos - nowNanos);
    long allowed = Math.max(0, nanos(burst) - nanos(units));
    return Math.max(0, debt - allowed);
  }

  /**
   * Corrects an earlier estimate; unlike {@link #take} it may leave a debt.
   *
   * @param extraUnits used beyond the estimate, negative if fewer were used
   * @return the next state
   */
  public long settle(long fullAtNanos, long extraUnits, long nowNanos) {
    // Differences, not comparisons: nanoTime may wrap.
    long base = fullAtNanos - nowNanos > 0 ? fullAtNanos : nowNanos;
    return base + nanos(extraUnits);
  }

  private long nanos(long units) {
    double exact = units * (NANOS_PER_MINUTE / perMinute);
    return (long) Math.clamp(exact, (double) -MOST_NANOS, (double) MOST_NANOS);
  }
}
