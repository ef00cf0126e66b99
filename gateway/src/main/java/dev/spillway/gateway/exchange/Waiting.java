package dev.spillway.gateway.exchange;

import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.gateway.timing.TimeLimit;

/**
 * What one request waits for, and until when: its deadline, the pause before it is tried again, and
 * its place in line. Event loop only.
 */
final class Waiting {
  /** Who waits in line hears from the line that its time is over, and when to come back. */
  private static final long LAST_CALL_NANOS = 50_000_000;

  private final Exchange exchange;
  private final ExchangeSetup setup;
  private final Call call;
  private final TimeLimit deadline;
  private final TimeLimit backoff;
  private final Runnable tooLate;
  private boolean inLine;
  private boolean lastCall;

  /**
   * Of a request that has just come.
   *
   * @param again when a pause is over
   * @param tooLate when its deadline is
   */
  Waiting(Exchange exchange, ExchangeSetup setup, Call call, Runnable again, Runnable tooLate) {
    this.exchange = exchange;
    this.setup = setup;
    this.call = call;
    this.deadline = new TimeLimit(setup.deadlines(), this::deadlinePassed);
    this.backoff = new TimeLimit(setup.deadlines(), again);
    this.tooLate = tooLate;
  }

  /** Its deadline counts from now on. */
  void begins(long nowNanos) {
    deadline.withinNanos(Math.max(0, journey().deadlineNanos() - nowNanos));
  }

  /** The first content of its answer is there, after which it may have more time. */
  void contentBegins(long nowNanos) {
    if (journey().deadline().movesWhenItBegins()) {
      begins(nowNanos);
    }
  }

  /** It is to wait, in line or until a time. */
  void until(NextStep.Wait wait, long nowNanos) {
    switch (wait.where()) {
      case WAITING_ROOM -> {
        inLine = true;
        setup.line().enqueue(exchange, call.inForce().snapshot(), wait);
      }
      case BACKOFF -> backoff.withinNanos(Math.max(0, wait.untilNanos() - nowNanos));
    }
  }

  /** It heard from the line, and stands there no more. */
  void isOutOfLine() {
    inLine = false;
  }

  /** It waits for nothing more; whether the line must let go of it first. */
  boolean ends() {
    deadline.end();
    backoff.end();
    return inLine;
  }

  private void deadlinePassed() {
    if (inLine && !lastCall) {
      lastCall = true;
      deadline.withinNanos(LAST_CALL_NANOS);
    } else {
      tooLate.run();
    }
  }

  private Journey journey() {
    return call.journey();
  }
}
