package dev.spillway.core.admission;

import dev.spillway.core.model.TenantLimits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's door: requests, tokens and requests in flight.
 *
 * <p>Takes an estimate at the door and settles the truth when the request is over. Rates may burst
 * by a minute's worth. Shared by all event loops: each number is stepped by compare-and-set.
 *
 * <p>Other limits mean another gate, its successor: what the tenant holds is known to both, so that
 * whoever entered by one may leave by it. Of a minute that was used to four fifths, four fifths of
 * the new one are used.
 */
public final class TenantGate {
  /** Before any clock: 146 years either way of the zero of nanoTime. */
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  private static final Admission.Rejected TOO_MANY =
      new Admission.Rejected(Admission.Reason.TOO_MANY_IN_FLIGHT, Duration.ofSeconds(1));

  private final TenantLimits limits;
  private final TokenRate requestRate;
  private final TokenRate tokenRate;
  private final AtomicInteger inFlight;
  private final AtomicLong requestsFullAt;
  private final AtomicLong tokensFullAt;

  /** Nothing taken yet. */
  public TenantGate(TenantLimits limits) {
    this(limits, new AtomicInteger(), new AtomicLong(LONG_AGO), new AtomicLong(LONG_AGO));
  }

  private TenantGate(
      TenantLimits limits,
      AtomicInteger inFlight,
      AtomicLong requestsFullAt,
      AtomicLong tokensFullAt) {
    this.limits = limits;
    this.requestRate = new TokenRate(limits.requestsPerMinute(), limits.requestsPerMinute());
    this.tokenRate = new TokenRate(limits.tokensPerMinute(), limits.tokensPerMinute());
    this.inFlight = inFlight;
    this.requestsFullAt = requestsFullAt;
    this.tokensFullAt = tokensFullAt;
  }

  /** The gate of the same tenant under other limits; itself if they are the same. */
  public TenantGate successor(TenantLimits next) {
    return next.equals(limits)
        ? this
        : new TenantGate(next, inFlight, requestsFullAt, tokensFullAt);
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
    if (!enterIfRoom()) {
      return TOO_MANY;
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
    leaveTurnedOut(estimatedTokens, usedTokens, nowNanos);
  }

  /** Whether there are more than there may be, for the limit became lower since they came. */
  public boolean isOverLimit() {
    return inFlight.get() > limits.concurrency();
  }

  /**
   * For one that is in, before it is asked for once more: turns it out if there are more than there
   * may be, for the limit may have become lower since. What it entered with covers every attempt
   * until its content is there.
   *
   * @return null if it may stay; if not, it is in flight no more, and {@link #leaveTurnedOut} is
   *     due
   */
  public Admission.@Nullable Rejected turnsOut() {
    while (true) {
      int before = inFlight.get();
      if (before <= limits.concurrency()) {
        return null;
      }
      if (inFlight.compareAndSet(before, before - 1)) {
        return TOO_MANY;
      }
    }
  }

  /** As {@link #leave}, for one that was turned out. */
  public void leaveTurnedOut(long estimatedTokens, long usedTokens, long nowNanos) {
    settle(tokensFullAt, tokenRate, usedTokens - estimatedTokens, nowNanos);
  }

  /**
   * One that is in turns out to need more: it takes that now, and those who come later wait for it.
   */
  public void takeMore(long tokens, long nowNanos) {
    settle(tokensFullAt, tokenRate, tokens, nowNanos);
  }

  /** Never more than there is room for, not even for a moment: others may look. */
  private boolean enterIfRoom() {
    while (true) {
      int before = inFlight.get();
      if (before >= limits.concurrency()) {
        return false;
      }
      if (inFlight.compareAndSet(before, before + 1)) {
        return true;
      }
    }
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
