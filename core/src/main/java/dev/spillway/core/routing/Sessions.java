package dev.spillway.core.routing;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The sessions whose prefix may live at a deployment: a table without chains, in which a newer
 * session takes the place of an older one that falls on the same slot. Forgetting costs one cache
 * miss, so nothing larger is called for.
 */
final class Sessions {
  private static final int SLOTS = 1 << 14;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  /** Whether this session was here lately; never for 0, which is none. */
  boolean knows(long affinity) {
    return affinity != 0 && slots.get(slot(affinity)) == affinity;
  }

  void remember(long affinity) {
    if (affinity != 0) {
      slots.set(slot(affinity), affinity);
    }
  }

  private static int slot(long affinity) {
    return (int) (affinity ^ affinity >>> 32) & SLOTS - 1;
  }
}
