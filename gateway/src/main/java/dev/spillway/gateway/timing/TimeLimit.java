package dev.spillway.gateway.timing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit that is moved far more often than it is reached: moving it to a later time costs two
 * fields, and a task that finds itself too early sleeps on.
 *
 * <p>Event loop only.
 */
public final class TimeLimit {
  private final EventExecutor loop;
  private final Runnable reached;
  private @Nullable Future<?> look;
  private long lookAtNanos;
  private long atNanos;
  private boolean armed;

  /**
   * Not set yet.
   *
   * @param reached runs on the loop when the limit is reached
   */
  public TimeLimit(EventExecutor loop, Runnable reached) {
    this.loop = loop;
    this.reached = reached;
  }

  /** Reached after this, counted from now. */
  public void within(Duration duration) {
    withinNanos(duration.toNanos());
  }

  /** The same in nanoseconds. */
  public void withinNanos(long nanos) {
    atNanos = now() + nanos;
    armed = true;
    if (look == null || atNanos - lookAtNanos < 0) {
      forget();
      schedule(nanos);
    }
  }

  /** Not reached until it is set again. */
  public void none() {
    armed = false;
  }

  /** Not reached any more; holds on to nothing. */
  public void end() {
    armed = false;
    forget();
  }

  private void schedule(long nanos) {
    lookAtNanos = atNanos;
    look = loop.schedule(this::look, nanos, NANOSECONDS);
  }

  private void forget() {
    if (look != null) {
      look.cancel(false);
      look = null;
    }
  }

  private void look() {
    look = null;
    if (armed) {
      long left = atNanos - now();
      if (left > 0) {
        schedule(left);
      } else {
        armed = false;
        reached.run();
      }
    }
  }

  private long now() {
    return loop.ticker().nanoTime();
  }
}
