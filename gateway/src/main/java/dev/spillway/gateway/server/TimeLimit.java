package dev.spillway.gateway.server;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/**
 * A limit that is moved far more often than it is reached: moving it costs two fields, and a task
 * that finds itself too early sleeps on.
 */
final class TimeLimit {
  private final EventExecutor loop;
  private final Runnable reached;
  private long atNanos;
  private boolean armed;
  private boolean scheduled;

  TimeLimit(EventExecutor loop, Runnable reached) {
    this.loop = loop;
    this.reached = reached;
  }

  /** Reached after this, counted from now. */
  void within(Duration duration) {
    atNanos = System.nanoTime() + duration.toNanos();
    armed = true;
    if (!scheduled) {
      schedule(duration.toNanos());
    }
  }

  /** Not reached until it is set again. */
  void none() {
    armed = false;
  }

  private void schedule(long nanos) {
    scheduled = true;
    loop.schedule(this::look, nanos, NANOSECONDS);
  }

  private void look() {
    scheduled = false;
    if (armed) {
      long left = atNanos - System.nanoTime();
      if (left > 0) {
        schedule(left);
      } else {
        armed = false;
        reached.run();
      }
    }
  }
}
