package dev.spillway.core.admission;

import dev.spillway.core.model.Priority;
import java.util.EnumMap;
import java.util.Map;

/**
 * Those who wait for the same deployments, and how fast they are let out: sums over time that decay
 * with the window. Only time in which somebody waits counts.
 */
final class Line {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<Priority, Long> waitingTokens = new EnumMap<>(Priority.class);
  private double servedTokens;
  private double busyNanos;
  private long sinceNanos;
  private int waiting;

  /** Whether one of them found no room in this round. */
  boolean blocked;

  void entered(Ticket<?> ticket, long nowNanos) {
    if (waiting++ == 0) {
      sinceNanos = nowNanos;
    }
    waitingTokens.merge(ticket.priority(), ticket.tokens(), Long::sum);
  }

  void left(Ticket<?> ticket, WaitingRoom.Left how, long nowNanos, double windowSeconds) {
    waiting--;
    waitingTokens.merge(ticket.priority(), -ticket.tokens(), Long::sum);
    if (how == WaitingRoom.Left.IN_ITS_TURN) {
      long elapsed = Math.max(0, nowNanos - sinceNanos);
      double kept = Math.exp(-elapsed / (windowSeconds * NANOS_PER_SECOND));
      servedTokens = servedTokens * kept + ticket.tokens();
      busyNanos = busyNanos * kept + elapsed;
      sinceNanos = nowNanos;
    }
  }

  /** How long one that comes now will wait, nanoseconds; 0 while nobody has waited yet. */
  long waitNanos(Ticket<?> ticket) {
    long ahead = 0;
    for (Map.Entry<Priority, Long> each : waitingTokens.entrySet()) {
      if (each.getKey().compareTo(ticket.priority()) <= 0) {
        ahead += each.getValue();
      }
    }
    return servedTokens == 0 ? 0 : (long) (ahead * (busyNanos / servedTokens));
  }

  boolean isIdle(long nowNanos, double windowSeconds) {
    return waiting == 0 && nowNanos - sinceNanos > windowSeconds * NANOS_PER_SECOND;
  }
}
