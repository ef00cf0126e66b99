package dev.spillway.core.retry;

import dev.spillway.core.model.EvenSpread;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a deployment is left alone that refuses (429) without saying for how long.
 *
 * <pre>
 *   wait = min(most, first * 2^(row - 1)) * (1 + spread(request) / 2)
 * </pre>
 *
 * <p>{@code row} counts refusals one after another: of attempts that were sent when the one before
 * was known. Those that were on their way together are one. An attempt that was accepted, and sent
 * since the last refusal, starts it anew.
 *
 * <p>Shared by all event loops: one immutable state, stepped by compare-and-set.
 */
public final class RefusalBackoff {
  private final RetryTuning tuning;
  private final AtomicReference<Row> row = new AtomicReference<>(Row.NONE);

  /** Nothing refused yet. */
  public RefusalBackoff(RetryTuning tuning) {
    this.tuning = tuning;
  }

  /**
   * An attempt was refused: how long nobody goes there, in nanoseconds.
   *
   * @param sentNanos when it was sent
   * @param ofRequest refusals that its request had there before this one, which count at least
   * @param requestNumber spreads the waits of several
   */
  public long refused(long sentNanos, int ofRequest, long requestNumber, long nowNanos) {
    Row now = row.updateAndGet(before -> before.next(sentNanos, nowNanos));
    int doublings = Math.min(Long.SIZE / 4, Math.max(now.length, ofRequest + 1) - 1);
    double wait = (double) tuning.waitUnasked().toNanos() * (1L << doublings);
    double most = (double) tuning.mostWaitUnasked().toNanos();
    return (long) (Math.min(most, wait) * (1 + EvenSpread.of(requestNumber) / 2));
  }

  /** An attempt was accepted. */
  public void accepted(long sentNanos) {
    Row now = row.get();
    if (now.length > 0 && sentNanos - now.lastNanos >= 0) {
      row.compareAndSet(now, Row.NONE);
    }
  }

  private record Row(int length, long lastNanos) {
    static final Row NONE = new Row(0, 0);

    Row next(long sentNanos, long nowNanos) {
      boolean another = length == 0 || sentNanos - lastNanos >= 0;
      return new Row(another ? length + 1 : length, nowNanos);
    }
  }
}
