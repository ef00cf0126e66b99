package dev.spillway.gateway.timing;

import dev.spillway.gateway.timing.Alarms.Alarm;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit that is moved far more often than it is reached: moving it to a later time costs two
 * fields, and an alarm that rings too early is set anew.
 *
 * <p>Event loop only.
 */
public final class TimeLimit {
  private final Alarms alarms;
  private final Runnable reached;
  private @Nullable Alarm alarm;
  private long atNanos;
  private boolean armed;

  /**
   * Not set yet.
   *
   * @param alarms of limits that are about as long
   * @param reached runs on the loop when the limit is reached
   */
  public TimeLimit(Alarms alarms, Runnable reached) {
    this.alarms = alarms;
    this.reached = reached;
  }

  /** Not set yet; one like which there is no other. */
  public TimeLimit(EventExecutor loop, Runnable reached) {
    this(new Alarms(loop, loop.ticker()::nanoTime, 0), reached);
  }

  /** Reached after this, counted from now. */
  public void within(Duration duration) {
    withinNanos(duration.toNanos());
  }

  /** The same in nanoseconds. */
  public void withinNanos(long nanos) {
    long now = alarms.now();
    atNanos = now + nanos;
    armed = true;
    setAlarm(now);
  }

  /**
   * Reached so much later than it was to be, asked when it was just reached.
   *
   * @return whether that is still to come; else it is over
   */
  public boolean later(long nanos) {
    long now = alarms.now();
    atNanos += nanos;
    armed = atNanos - now > 0;
    if (armed) {
      setAlarm(now);
    }
    return armed;
  }

  /** Not reached until it is set again. */
  public void none() {
    armed = false;
  }

  /** Not reached any more; holds on to nothing. */
  public void end() {
    armed = false;
    if (alarm != null) {
      alarm.giveBack();
      alarm = null;
    }
  }

  private void setAlarm(long now) {
    if (alarm == null) {
      alarm = alarms.take(this);
    }
    alarm.ringBy(atNanos, now);
  }

  void rings() {
    if (armed) {
      long now = alarms.now();
      if (atNanos - now > 0) {
        setAlarm(now);
      } else {
        armed = false;
        reached.run();
      }
    }
  }
}
