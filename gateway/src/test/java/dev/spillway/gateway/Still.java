package dev.spillway.gateway;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Waits for numbers that stop growing. */
final class Still {
  private Still() {}

  /** Looks until the number has not changed for half a second. */
  static long of(AtomicLong number) throws InterruptedException {
    long last = -1;
    for (long now = number.get(); now != last; now = number.get()) {
      last = now;
      forAMoment();
    }
    return last;
  }

  /** Lets half a second pass: nothing says that nothing more comes, only time does. */
  static void forAMoment() throws InterruptedException {
    if (new CountDownLatch(1).await(500, MILLISECONDS)) {
      throw new AssertionError("nobody counts this down");
    }
  }
}
