package dev.spillway.core.retry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many attempts beyond the first one deployment may cause, over all requests, so that trouble
 * is not multiplied by repeating it.
 *
 * <p>Each request earns a fraction of an attempt; an attempt costs one; the reserve is both the
 * start and the most that can be saved. A retry at the same deployment is paid for, and a hedge is
 * by the deployment that was late; a fallback to another adds no load where the trouble is. After
 * Finagle's {@code RetryBudget}.
 *
 * <p>Shared by all event loops: one {@code long}, in thousandths of an attempt.
 */
public final class AttemptBudget {
  private static final long ONE = 1_000;

  private final long most;
  private final long perRequest;
  private final AtomicLong balance;

  /**
   * A full reserve.
   *
   * @param perRequest attempts that each request earns, at least 0
   * @param reserve attempts that need not be earned, at least 0
   */
  public AttemptBudget(double perRequest, int reserve) {
    this.perRequest = Math.round(perRequest * ONE);
    this.most = Math.max(reserve * ONE, this.perRequest > 0 ? ONE : 0);
    this.balance = new AtomicLong(reserve * ONE);
  }

  /** A first attempt was sent. */
  public void earn() {
    add(perRequest);
  }

  /** Pays for an attempt; false if there is nothing left. */
  public boolean tryPay() {
    while (true) {
      long before = balance.get();
      if (before < ONE) {
        return false;
      }
      if (balance.compareAndSet(before, before - ONE)) {
        return true;
      }
    }
  }

  /** An attempt that was paid for was not made. */
  public void giveBack() {
    add(ONE);
  }

  private void add(long more) {
    long before = balance.get();
    while (before < most && !balance.compareAndSet(before, Math.min(most, before + more))) {
      before = balance.get();
    }
  }
}
