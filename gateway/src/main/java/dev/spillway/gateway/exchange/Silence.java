package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.model.Pauses;
import dev.spillway.gateway.timing.Alarms;
import dev.spillway.gateway.timing.TimeLimit;
import dev.spillway.gateway.upstream.Prefetch;
import java.util.function.LongSupplier;

/**
 * How long an attempt has given no sign that its model works.
 *
 * <p>Before its content the limit is that of the first content, and what is no content but made by
 * the model (hidden reasoning) starts it anew; a heartbeat is made by a server that may wait for
 * ever, and does not. Once content came, anything starts the stall limit anew, but after the last
 * event heartbeats alone fill no more than {@link #HEARTBEATS_ONLY} of them. While the client takes
 * nothing, nothing is read, and silence is not the provider's.
 *
 * <p>Event loop only.
 */
final class Silence implements Prefetch.Wide {
  /** Stall limits that heartbeats alone may fill. */
  private static final int HEARTBEATS_ONLY = 4;

  private final LongSupplier clock;
  private final long firstContentNanos;
  private final long stallNanos;
  private final TimeLimit limit;
  private final Runnable tooLong;

  private boolean begun;
  private boolean ending;
  private boolean paused;
  private long pausedAtNanos;
  private long unreadNanos;
  private long lastEventNanos;
  private long longestGapNanos;
  private long endWithinNanos;

  /** In mid-stream. The limit is not moved for each chunk: reached too early, it is set anew. */
  private long silentUntilNanos;

  Silence(LongSupplier clock, Alarms alarms, NextStep.Limits limits, Runnable tooLong) {
    this.clock = clock;
    this.firstContentNanos = limits.firstContentNanos();
    this.stallNanos = limits.stallNanos();
    this.limit = new TimeLimit(alarms, this::limitReached);
    this.tooLong = tooLong;
  }

  /** Adds what it deals with a chunk by. */
  void addTo(Prefetch chunk) {
    chunk.add(this);
  }

  /**
   * The request is on its way. Where its deadline comes first, or at the same time, there is no
   * limit but that: whoever was given all the time there is, is not to blame when it is over.
   */
  void begins(long deadlineNanos) {
    if (firstContentNanos < deadlineNanos - clock.getAsLong()) {
      limit.withinNanos(firstContentNanos);
    }
  }

  /** Content came: from now on a gap is a gap. */
  void contentBegins() {
    begun = true;
    lastEventNanos = clock.getAsLong();
    pausedAtNanos = lastEventNanos;
    inMidStream();
  }

  /** Bytes came. */
  void broken(boolean byAnEvent) {
    if (ending) {
      return;
    }
    if (begun) {
      heardInMidStream(byAnEvent);
    } else if (byAnEvent) {
      limit.withinNanos(firstContentNanos);
    }
  }

  /** All of the answer came but its end, which may take so long. */
  void endAwaited(long withinNanos) {
    if (!ending) {
      ending = true;
      endWithinNanos = withinNanos;
      awaitEnd();
    }
  }

  /** The client takes nothing for now. */
  void pauses() {
    if (!paused) {
      paused = true;
      pausedAtNanos = clock.getAsLong();
    }
    if (begun || ending) {
      limit.none();
    }
  }

  /** The client takes bytes again. */
  void goesOn() {
    if (paused) {
      unreadNanos = unreadSoFarNanos();
      paused = false;
      if (ending) {
        awaitEnd();
      } else if (begun) {
        lastEventNanos = clock.getAsLong();
        inMidStream();
      }
    }
  }

  /** It is over, one way or another. */
  void ends() {
    limit.end();
  }

  /** When nothing came, or nothing was read, after the content began. */
  Pauses pausesSoFar() {
    return new Pauses(longestGapNanos, unreadSoFarNanos());
  }

  private long unreadSoFarNanos() {
    return begun && paused ? unreadNanos + clock.getAsLong() - pausedAtNanos : unreadNanos;
  }

  /** What is not read, because the client takes nothing, cannot come. */
  private void awaitEnd() {
    if (!paused) {
      limit.withinNanos(endWithinNanos);
    }
  }

  private void heardInMidStream(boolean byAnEvent) {
    long now = clock.getAsLong();
    long gap = now - lastEventNanos;
    if (byAnEvent) {
      longestGapNanos = Math.max(longestGapNanos, gap);
      lastEventNanos = now;
      gap = 0;
    }
    long bought = HEARTBEATS_ONLY * stallNanos - gap;
    silentUntilNanos = now + Math.clamp(bought, 1, stallNanos);
  }

  @Override
  public boolean touch() {
    return paused;
  }

  private void inMidStream() {
    silentUntilNanos = lastEventNanos + stallNanos;
    limit.withinNanos(stallNanos);
  }

  private void limitReached() {
    long left = begun && !ending ? silentUntilNanos - clock.getAsLong() : 0;
    if (left > 0) {
      limit.withinNanos(left);
    } else {
      tooLong.run();
    }
  }
}
