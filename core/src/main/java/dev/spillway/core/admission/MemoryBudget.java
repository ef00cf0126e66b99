package dev.spillway.core.admission;

import dev.spillway.core.model.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that the requests of all tenants share; may be used by any thread.
 *
 * <p>No tenant gets more than {@value #TIMES_LEFT} times what is left (dynamic thresholds of
 * Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998): alone seven eighths of all,
 * so that some is there for whoever comes next. What one request has, however much, is never
 * counted against it.
 */
public final class MemoryBudget {
  private static final long TIMES_LEFT = 7;

  private final long bytes;
  private final AtomicLong left;
  private final Map<TenantId, Part> parts = new ConcurrentHashMap<>();

  /**
   * None is taken yet.
   *
   * @param bytes at least 0
   */
  public MemoryBudget(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
    this.bytes = bytes;
    this.left = new AtomicLong(bytes);
  }

  /** The part of one tenant. */
  public Part of(TenantId tenant) {
    Part part = parts.get(tenant);
    return part == null ? parts.computeIfAbsent(tenant, _ -> new Part()) : part;
  }

  /** How much nobody has. */
  public long leftBytes() {
    return left.get();
  }

  /** How much is taken, by all. */
  public long takenBytes() {
    return bytes - left.get();
  }

  /** What one tenant has of it; may be used by any thread. */
  public final class Part {
    private final AtomicLong taken = new AtomicLong();

    private Part() {}

    /**
     * Takes bytes if they are all there, and the tenant may have them.
     *
     * @param ofThis what the request that they are for has already
     */
    public boolean tryTake(long more, long ofThis) {
      long rest = left.addAndGet(-more);
      long others = taken.addAndGet(more) - more - ofThis;
      if (rest >= 0 && others <= TIMES_LEFT * rest) {
        return true;
      }
      giveBack(more);
      return false;
    }

    /** Gives back what was taken. */
    public void giveBack(long some) {
      taken.addAndGet(-some);
      left.addAndGet(some);
    }
  }
}
