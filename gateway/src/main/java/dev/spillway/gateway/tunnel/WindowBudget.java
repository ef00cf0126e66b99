package dev.spillway.gateway.tunnel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all streams of all links may have under way together, beyond what each begins with. May be
 * used by any thread.
 *
 * <p>Nobody gets more than a sixteenth of what is left, so that the first few do not take all of it
 * (dynamic thresholds: Choudhury and Hahne, "Dynamic queue length thresholds in a shared memory
 * switch", 1998).
 */
final class WindowBudget {
  private static final int SHARES = 16;

  private final AtomicLong left;

  WindowBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Takes so many bytes, or none if they are too many. */
  boolean takes(int bytes) {
    long before = left.get();
    while (bytes <= before / SHARES) {
      if (left.compareAndSet(before, before - bytes)) {
        return true;
      }
      before = left.get();
    }
    return false;
  }

  void giveBack(int bytes) {
    left.addAndGet(bytes);
  }

  long left() {
    return left.get();
  }
}
