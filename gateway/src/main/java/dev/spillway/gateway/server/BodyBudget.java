package dev.spillway.gateway.server;

import dev.spillway.core.model.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for the bodies of all requests together; shared by all loops.
 *
 * <p>No tenant gets more than {@value #TIMES_LEFT} times what is left (dynamic thresholds of
 * Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998): alone seven eighths of all,
 * so that some is there for whoever comes next. One body, however long, is never refused for it.
 */
public final class BodyBudget {
  private static final long TIMES_LEFT = 7;

  private final AtomicLong leftBytes;
  private final Map<TenantId, Share> shares = new ConcurrentHashMap<>();

  /** So many, at least one. */
  public BodyBudget(long bytes) {
    leftBytes = new AtomicLong(bytes);
  }

  /** What one tenant has of it. */
  Share of(TenantId tenant) {
    Share share = shares.get(tenant);
    return share == null ? shares.computeIfAbsent(tenant, _ -> new Share()) : share;
  }

  /** The part of one tenant; shared by all loops. */
  final class Share {
    private final AtomicLong takenBytes = new AtomicLong();

    /**
     * Takes bytes if they are all there, and the tenant may have them.
     *
     * @param ofThis what the body has already that they are for
     */
    boolean tryTake(long bytes, long ofThis) {
      long left = leftBytes.addAndGet(-bytes);
      long others = takenBytes.addAndGet(bytes) - bytes - ofThis;
      if (left >= 0 && others <= TIMES_LEFT * left) {
        return true;
      }
      giveBack(bytes);
      return false;
    }

    void giveBack(long bytes) {
      takenBytes.addAndGet(-bytes);
      leftBytes.addAndGet(bytes);
    }
  }
}
