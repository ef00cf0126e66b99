package dev.spillway.core.dispatch;

/**
 * When an answer is no longer wanted, on the driver's monotonic clock.
 *
 * @param beginsByNanos unless its first content is there
 * @param endsByNanos unless all of it is; not sooner
 */
public record Deadline(long beginsByNanos, long endsByNanos) {
  /** Checks the order. */
  public Deadline {
    if (endsByNanos - beginsByNanos < 0) {
      throw new IllegalArgumentException(
          "deadline: "
              + beginsByNanos
              + ", "
              + endsByNanos
              + " (expected: the second not before the first)");
    }
  }

  /** Whether there is more time once the first content is there. */
  public boolean movesWhenItBegins() {
    return endsByNanos != beginsByNanos;
  }

  /** Of an answer all of which must be there by then. */
  public static Deadline at(long nanos) {
    return new Deadline(nanos, nanos);
  }
}
