package dev.spillway.core.health;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a deployment is in rotation. It is out while it refuses our configuration (a key that is
 * wrong, a model that it does not know): a person must change something, and every request that
 * tried would only be late.
 *
 * <p>Until somebody does, one request a minute tries, in case what was wrong was there; an answer
 * brings it back at once. Shared by all event loops: one {@code long}, the time of the last try, or
 * {@link #IN}.
 */
public final class Rotation {
  private static final long IN = Long.MIN_VALUE;

  private final long probeEveryNanos;
  private final AtomicLong lastTry = new AtomicLong(IN);

  /** In. */
  public Rotation(BreakerTuning tuning) {
    this.probeEveryNanos = tuning.misconfiguredProbe().toNanos();
  }

  /** Whether requests go there. */
  public boolean isIn() {
    return lastTry.get() == IN;
  }

  /** Whether a request may go there: it is in, or one may try. */
  public boolean letsThrough(long nowNanos) {
    return opensInNanos(nowNanos) == 0;
  }

  /** How long until a request may go there, nanoseconds. */
  public long opensInNanos(long nowNanos) {
    long last = lastTry.get();
    return last == IN ? 0 : Math.max(0, probeEveryNanos - (nowNanos - last));
  }

  /** Goes there, as the one that tries if it is out; false if another was faster. */
  public boolean tryEnter(long nowNanos) {
    long last = lastTry.get();
    return last == IN
        || (nowNanos - last >= probeEveryNanos && lastTry.compareAndSet(last, time(nowNanos)));
  }

  /** It refused our configuration. */
  public void refused(long nowNanos) {
    lastTry.set(time(nowNanos));
  }

  /** It answered an attempt; one that was sent before it last refused says nothing. */
  public void answered(long sentNanos) {
    long last = lastTry.get();
    if (last != IN && sentNanos - last >= 0) {
      lastTry.compareAndSet(last, IN);
    }
  }

  /** Somebody changed its configuration, or its credential. */
  public void reset() {
    lastTry.set(IN);
  }

  private static long time(long nowNanos) {
    return nowNanos == IN ? IN + 1 : nowNanos;
  }
}
