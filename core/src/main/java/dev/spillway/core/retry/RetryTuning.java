package dev.spillway.core.retry;

import java.time.Duration;

/**
 * How often, and how soon, something is tried again.
 *
 * @param mostAttempts attempts of one request, at least 1; default 4
 * @param firstBackoff wait before the same deployment is tried again, more than 0; default 100 ms
 * @param retriesPerRequest retries that each request to a deployment earns, at least 0; default
 *     0.2, as Finagle's and Envoy's retry budgets
 * @param retriesInReserve retries that need not be earned, at least 1; default 10
 * @param waitUnasked how long a deployment is left alone that refused without saying how long, more
 *     than 0; doubled by each refusal that follows; default 1 s, so that no request is there more
 *     than twice in 3 s
 * @param mostWaitUnasked what that stops at, at least {@code waitUnasked}; default 30 s
 */
public record RetryTuning(
    int mostAttempts,
    Duration firstBackoff,
    double retriesPerRequest,
    int retriesInReserve,
    Duration waitUnasked,
    Duration mostWaitUnasked) {
  /** The defaults above. */
  public static final RetryTuning DEFAULT =
      new RetryTuning(
          4, Duration.ofMillis(100), 0.2, 10, Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** Checks every bound. */
  public RetryTuning {
    if (mostAttempts < 1 || retriesInReserve < 1 || !(retriesPerRequest >= 0)) {
      throw new IllegalArgumentException(
          "retry: "
              + mostAttempts
              + ", "
              + retriesInReserve
              + ", "
              + retriesPerRequest
              + " (expected: >= 1, >= 1, >= 0)");
    }
    if (!firstBackoff.isPositive() || !waitUnasked.isPositive()) {
      throw new IllegalArgumentException(
          "retry: " + firstBackoff + ", " + waitUnasked + " (expected: > 0)");
    }
    if (mostWaitUnasked.compareTo(waitUnasked) < 0) {
      throw new IllegalArgumentException(
          "retry.most-wait-unasked: " + mostWaitUnasked + " (expected: >= " + waitUnasked + ")");
    }
  }
}
