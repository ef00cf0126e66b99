package dev.spillway.core.admission;

import dev.spillway.core.model.TenantLimits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One tenant's door: requests, tokens and requests in flight.
 *
 * <p>Takes an estimate at the door and settles the truth when the request is over. Rates may burst
 * by a minute's worth. Shared by all event loops: each number is stepped by compare-and-set.
 */
public final class TenantGate {
  /** Before any clock: 146 years either way of the zero of nanoTime. */
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  private final TenantLimits limits;
  private final TokenRate requestRate;
  private final TokenRate tokenRate;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong requestsFullAt;
  private final AtomicLong tokensFullAt;

  /** Nothing taken yet. */
  public TenantGate(TenantLimits limits) {
    this.limits = limits;
    this.requestRate = new TokenRate(limits.requestsPerMinute(), limits.requestsPerMinute());
    this.tokenRate = new TokenRate(limits.tokensPerMinute(), limits.tokensPerMinute());
    this.requestsFullAt = new AtomicLong(LONG_AGO);
    this.tokensFullAt = new AtomicLong(LONG_AGO);
  }

  /** What it was made of. */
  public TenantLimits limits() {
    return limits;
  }

  /** Requests that entered and have not left. */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * Lets a request in, with everything it needs, or turns it away with nothing taken.
   *
   * @param tokens input and expected output, at least 0
   */
  public Admission enter(long tokens, long nowNanos) {
    if (inFlight.incrementAndGet() > limits.concurrency()) {
      inFlight.decrementAndGet();
      return new Admission.Rejected(Admission.Reason.TOO_MANY_IN_FLIGHT, Duration.ofSeconds(1));
    }
    long forRequest = take(requestsFullAt, requestRate, 1, nowNanos);
    if (forRequest > 0) {
      inFlight.decrementAndGet();
      return rejected(Admission.Reason.REQUEST_RATE_EXCEEDED, forRequest);
    }
    long forTokens = take(tokensFullAt, tokenRate, tokens, nowNanos);
    if (forTokens > 0) {
      inFlight.decrementAndGet();
      settle(requestsFullAt, requestRate, -1, nowNanos);
      return rejected(Admission.Reason.TOKEN_RATE_EXCEEDED, forTokens);
    }
    return Admission.Admitted.ADMITTED;
  }

  /**
   * A request that had entered is over.
   *
   * @param estimatedTokens what it entered with
   * @param usedTokens what its answer used
   */
  public void leave(long estimatedTokens, long usedTokens, long nowNanos) {
    if (inFlight.decrementAndGet() < 0) {
      throw new IllegalStateException("more requests left than entered");
    }
    settle(tokensFullAt, tokenRate, usedTokens - estimatedTokens, nowNanos);
  }

  /** Takes, and answers 0; or answers how long to wait, in nanoseconds. */
  private static long take(AtomicLong fullAt, TokenRate rate, long units, long nowNanos) {
    while (true) {
      long before = fullAt.get();
      long wait = rate.waitNanos(before, units, nowNanos);
      if (wait > 0) {
        return wait;
      }
      if (fullAt.compareAndSet(before, rate.take(before, units, nowNanos))) {
        return 0;
      }
    }
  }

  private static void settle(AtomicLong fullAt, TokenRate rate, long extra, long nowNanos) {
    fullAt.updateAndGet(before -> rate.settle(before, extra, nowNanos));
  }

  private static Admission rejected(Admission.Reason reason, long waitNanos) {
    return new Admission.Rejected(reason, Duration.ofNanos(waitNanos));
  }
}
