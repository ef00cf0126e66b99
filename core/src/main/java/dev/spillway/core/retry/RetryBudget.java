package dev.spillway.core.retry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries one deployment may be asked for, over all requests, so that trouble is not
 * multiplied by repeating it.
 *
 * <p>Each request earns a fraction of a retry; a retry costs one; the reserve is both the start and
 * the most that can be saved. Only attempts that repeat at the same deployment are paid for: a
 * fallback to another adds no load where the trouble is. After Finagle's {@code RetryBudget}.
 *
 * <p>Shared by all event loops: one {@code long}, in thousandths of a retry.
 */
public final class RetryBudget {
  private static final long ONE = 1_000;

  private final long most;
  private final long perRequest;
  private final AtomicLong balance;

  /** A full reserve. */
  public RetryBudget(RetryTuning tuning) {
    this.most = tuning.retriesInReserve() * ONE;
    this.perRequest = Math.round(tuning.retriesPerRequest() * ONE);
    this.balance = new AtomicLong(most);
  }

  /** A first attempt was sent. */
  public void earn() {
    balance.updateAndGet(before -> Math.min(most, before + perRequest));
  }

  /** Pays for a retry; false if there is nothing left. */
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
}
