package dev.spillway.gateway.timing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Alarms of one event loop, for limits that are about as long as each other and hardly ever
 * reached.
 *
 * <p>Why: to schedule a task for each request, and to cancel it at its end, costs more than all
 * else that a limit does. So an alarm whose limit has ended stays set, and serves the next limit,
 * which ends later: rung too early, it is set anew.
 *
 * <p>Event loop only.
 */
public final class Alarms {
  private final EventExecutor loop;
  private final LongSupplier clock;
  private final int mostKept;
  private final ArrayDeque<Alarm> kept = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param clock the monotonic one of limits, nanoseconds
   * @param mostKept how many without a limit stay set
   */
  public Alarms(EventExecutor loop, LongSupplier clock, int mostKept) {
    this.loop = loop;
    this.clock = clock;
    this.mostKept = mostKept;
  }

  long now() {
    return clock.getAsLong();
  }

  /** The one that was given back last, or a new one. */
  Alarm take(TimeLimit by) {
    Alarm alarm = kept.isEmpty() ? new Alarm() : kept.removeLast();
    alarm.owner = by;
    return alarm;
  }

  /** Rings for whoever has it, at the time that it was set to or sooner. */
  final class Alarm {
    private @Nullable TimeLimit owner;
    private @Nullable Future<?> look;
    private long lookAtNanos;

    /** Rings by then. */
    void ringBy(long atNanos, long nowNanos) {
      if (look == null || atNanos - lookAtNanos < 0) {
        unset();
        lookAtNanos = atNanos;
        look = loop.schedule(this::ring, atNanos - nowNanos, NANOSECONDS);
      }
    }

    /** Nobody has it any more. */
    void giveBack() {
      owner = null;
      if (kept.size() < mostKept) {
        kept.addLast(this);
      } else {
        unset();
      }
    }

    private void unset() {
      if (look != null) {
        look.cancel(false);
        look = null;
      }
    }

    private void ring() {
      look = null;
      if (owner != null) {
        owner.rings();
      }
    }
  }
}
