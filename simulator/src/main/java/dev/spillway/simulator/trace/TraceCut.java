package dev.spillway.simulator.trace;

import java.time.Duration;

/**
 * Which part of a trace is used, and how fast.
 *
 * @param from where it starts, in recorded time, at least 0; what arrived earlier is left out
 * @param length how much of it, in recorded time, more than 0
 * @param maxRequests the most requests, at least 1
 * @param speed how many times faster than recorded, more than 0; times between arrivals are divided
 *     by it
 */
public record TraceCut(Duration from, Duration length, long maxRequests, double speed) {
  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  /** All of it, as fast as recorded. */
  public static final TraceCut WHOLE = new TraceCut(Duration.ZERO, FOR_EVER, Long.MAX_VALUE, 1);

  /** Checks every bound. */
  public TraceCut {
    if (from.isNegative()) {
      throw new IllegalArgumentException("from: " + from + " (expected: >= 0)");
    }
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("length: " + length + " (expected: > 0)");
    }
    if (maxRequests < 1) {
      throw new IllegalArgumentException("maxRequests: " + maxRequests + " (expected: >= 1)");
    }
    if (!(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("speed: " + speed + " (expected: > 0)");
    }
  }

  /** The same, from another time on. */
  public TraceCut from(Duration start) {
    return new TraceCut(start, length, maxRequests, speed);
  }

  /** The same, no longer than this in recorded time. */
  public TraceCut lasting(Duration atMost) {
    return new TraceCut(from, atMost, maxRequests, speed);
  }

  /** The same, with no more requests than this. */
  public TraceCut limitedTo(long requests) {
    return new TraceCut(from, length, requests, speed);
  }

  /** The same, this many times faster than recorded. */
  public TraceCut atSpeed(double times) {
    return new TraceCut(from, length, maxRequests, times);
  }

  boolean startsAfter(long arrivalNanos) {
    return arrivalNanos < from.toNanos();
  }

  boolean endsBefore(long arrivalNanos) {
    return arrivalNanos - from.toNanos() >= length.toNanos();
  }

  /** The time since the start of the cut, as replayed. */
  long replayed(long arrivalNanos) {
    return Math.round((arrivalNanos - from.toNanos()) / speed);
  }
}
