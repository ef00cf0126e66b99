package dev.spillway.core.health;

import dev.spillway.core.model.OperationName;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whether a deployment is in rotation. It is out while it refuses our configuration (a key that is
 * wrong, a model that it does not know): a person must change something, and every request that
 * tried would only be late.
 *
 * <p>It is out for the operations that it refused, each found out by itself. Any caller can ask for
 * one that our key may not use there (scopes), or that the model is not for, and providers answer
 * 401, 403 or 404 to that as well; so no refusal of some operations, however many, says anything of
 * the others. A key that is wrong for all costs one request an operation, which is answered from
 * elsewhere.
 *
 * <p>Until somebody changes something, one request a minute and operation tries, in case what was
 * wrong was there; an answer brings the operation back at once. Shared by all event loops: the time
 * of the last try, for each operation that is out, stepped by compare-and-set.
 */
public final class Rotation {
  private final long probeEveryNanos;
  private final ConcurrentMap<OperationName, Long> lastTries = new ConcurrentHashMap<>();
  private final AtomicInteger changes = new AtomicInteger();

  /** In. */
  public Rotation(BreakerTuning tuning) {
    this.probeEveryNanos = tuning.misconfiguredProbe().toNanos();
  }

  /** Whether requests go there, whatever they want. */
  public boolean isIn() {
    return lastTries.isEmpty();
  }

  /** The operations for which it is out, in alphabetical order. */
  public List<OperationName> out() {
    return lastTries.keySet().stream().sorted().toList();
  }

  /** Whether a request may go there: the operation is in, or one may try. */
  public boolean letsThrough(OperationName operation, long nowNanos) {
    return opensInNanos(operation, nowNanos) == 0;
  }

  /** How long until a request may go there, nanoseconds. */
  public long opensInNanos(OperationName operation, long nowNanos) {
    Long last = lastTry(operation);
    return last == null ? 0 : Math.max(0, probeEveryNanos - (nowNanos - last));
  }

  /** Goes there, as the one that tries if the operation is out; false if another was faster. */
  public boolean tryEnter(OperationName operation, long nowNanos) {
    Long last = lastTry(operation);
    return last == null
        || (nowNanos - last >= probeEveryNanos && lastTries.replace(operation, last, nowNanos));
  }

  /** How often somebody changed its configuration, or its credential. */
  public int changes() {
    return changes.get();
  }

  /**
   * It refused our configuration for this operation.
   *
   * @param changesThen how often that had been changed when the attempt was sent: a refusal of what
   *     was there before says nothing
   */
  public void refused(OperationName operation, int changesThen, long nowNanos) {
    if (changesThen == changes.get()) {
      lastTries.put(operation, nowNanos);
    }
  }

  /** It answered an attempt; one that was sent before it last refused says nothing. */
  public void answered(OperationName operation, long sentNanos) {
    Long last = lastTry(operation);
    if (last != null && sentNanos - last >= 0) {
      lastTries.remove(operation, last);
    }
  }

  /** Somebody changed its configuration, or its credential. */
  public void reset() {
    changes.incrementAndGet();
    lastTries.clear();
  }

  private @Nullable Long lastTry(OperationName operation) {
    return lastTries.isEmpty() ? null : lastTries.get(operation);
  }
}
