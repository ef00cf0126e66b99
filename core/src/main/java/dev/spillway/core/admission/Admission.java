package dev.spillway.core.admission;

import java.time.Duration;

/**
 * What becomes of a request at the door.
 *
 * <p>The gateway turns each case into an HTTP answer, the simulator into an event; neither adds a
 * case of its own.
 */
public sealed interface Admission {
  /** Go on to routing now. */
  record Admitted() implements Admission {
    /** The only one needed. */
    public static final Admitted ADMITTED = new Admitted();
  }

  /**
   * Wait in line.
   *
   * @param position requests ahead in the same flow, from 0
   */
  record Queued(int position) implements Admission {}

  /**
   * Turned away before any work was done.
   *
   * @param reason which limit said no; a metric label, so low cardinality
   * @param retryAfter the earliest useful retry, zero if retrying never helps
   */
  record Rejected(Reason reason, Duration retryAfter) implements Admission {}

  /** The limit that was hit. */
  enum Reason {
    /** The tenant's requests per minute. */
    REQUEST_RATE_EXCEEDED,
    /** The tenant's tokens per minute. */
    TOKEN_RATE_EXCEEDED,
    /** The tenant's requests in flight. */
    TOO_MANY_IN_FLIGHT,
    /** The waiting room holds as many requests, or bytes, as it may. */
    QUEUE_FULL,
    /** It cannot be served before its deadline. */
    DEADLINE_TOO_NEAR
  }
}
