package dev.spillway.app.hub;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Callable;

/** Waits for what no event tells: looks again until it is so, for 20 s. */
final class Until {
  private static final long PATIENCE_NANOS = SECONDS.toNanos(20);
  private static final long LOOK_MILLIS = 20;

  private Until() {}

  static void holds(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within 20 s: " + what);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
