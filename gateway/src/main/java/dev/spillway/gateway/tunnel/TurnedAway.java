package dev.spillway.gateway.tunnel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tells in the log who was not linked, at most ten times a minute: anybody who reaches the port can
 * be turned away as often as they like. Any thread.
 */
final class TurnedAway {
  private static final Logger LOG = System.getLogger(TurnedAway.class.getName());
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int LINES = 10;

  private final LongSupplier nanoClock;
  private final AtomicLong windowNanos;
  private final AtomicLong lines = new AtomicLong();

  TurnedAway(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.windowNanos = new AtomicLong(nanoClock.getAsLong());
  }

  void tell(SocketAddress from, String why) {
    long untold = untoldBefore();
    if (untold > 0) {
      LOG.log(Level.WARNING, "{0} more were not linked in the last minutes", untold);
    }
    if (isToBeTold()) {
      LOG.log(Level.WARNING, "{0} is not linked: {1}", from, why);
    }
  }

  /** How many were not told of in the window that is over; 0 while it is not. */
  long untoldBefore() {
    long began = windowNanos.get();
    long now = nanoClock.getAsLong();
    boolean over = now - began >= WINDOW_NANOS && windowNanos.compareAndSet(began, now);
    return over ? Math.max(0, lines.getAndSet(0) - LINES) : 0;
  }

  boolean isToBeTold() {
    return lines.incrementAndGet() <= LINES;
  }
}
