package dev.spillway.core.routing;

/**
 * When a decision is made.
 *
 * @param nowNanos the driver's monotonic clock
 * @param epochSecond the wall clock, for clauses with dates
 * @param waitedNanos since the request arrived: failed attempts and waiting included
 */
public record Moment(long nowNanos, long epochSecond, long waitedNanos) {
  private static final double NANOS_PER_MILLI = 1e6;

  double waitedMillis() {
    return waitedNanos / NANOS_PER_MILLI;
  }
}
