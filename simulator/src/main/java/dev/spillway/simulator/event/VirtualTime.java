package dev.spillway.simulator.event;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that jumps from event to event.
 *
 * <p>Events of the same instant run in the order in which they were scheduled, so that a run is a
 * function of its input alone. Not thread-safe.
 */
public final class VirtualTime {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNanos;
  private long scheduled;

  /** The instant of the event that is running; 0 before the first. */
  public long nowNanos() {
    return nowNanos;
  }

  /**
   * Runs {@code action} at an instant, or at once if it is over.
   *
   * @return a handle that can call it off
   */
  public Event at(long nanos, Runnable action) {
    Event event = new Event(Math.max(nanos, nowNanos), scheduled++, action);
    events.add(event);
    return event;
  }

  /** Runs {@code action} when {@code nanos} have gone by. */
  public Event in(long nanos, Runnable action) {
    return at(nowNanos + nanos, action);
  }

  /** Runs every event, and those that they schedule, until none is left. */
  public void run() {
    for (Event event = events.poll(); event != null; event = events.poll()) {
      nowNanos = event.atNanos;
      event.run();
    }
  }

  /** Something that will happen unless it is called off. */
  public static final class Event implements Comparable<Event> {
    private final long atNanos;
    private final long order;
    private @Nullable Runnable action;

    private Event(long atNanos, long order, Runnable action) {
      this.atNanos = atNanos;
      this.order = order;
      this.action = action;
    }

    /** Calls it off; does nothing if it has run. */
    public void cancel() {
      action = null;
    }

    private void run() {
      if (action != null) {
        Runnable once = action;
        action = null;
        once.run();
      }
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    // Identity is meant: two events may be alike in all but what they do.
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(order);
    }
  }
}
