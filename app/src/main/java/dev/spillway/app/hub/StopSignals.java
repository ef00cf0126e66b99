package dev.spillway.app.hub;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGTERM and SIGINT: the first asks a process to stop and lets what is under way end, the next one
 * asks it not to wait for that.
 */
public final class StopSignals {
  private final AtomicInteger times = new AtomicInteger();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean hurried = new AtomicBoolean();
  private volatile Runnable hurry = () -> {};

  private StopSignals() {}

  /** From now on they do not end the JVM. */
  public static StopSignals heeded() {
    StopSignals signals = new StopSignals();
    Signals.on("TERM", signals::ask);
    Signals.on("INT", signals::ask);
    return signals;
  }

  /** As a signal does. */
  public void ask() {
    if (times.getAndIncrement() == 0) {
      asked.countDown();
    } else {
      hurry.run();
    }
  }

  /**
   * Returns when the process was asked to stop.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** Runs an action when the process is asked again, at once if it was; on any thread, and once. */
  public void whenAskedAgain(Runnable action) {
    hurry =
        () -> {
          if (!hurried.getAndSet(true)) {
            action.run();
          }
        };
    if (times.get() > 1) {
      hurry.run();
    }
  }
}
