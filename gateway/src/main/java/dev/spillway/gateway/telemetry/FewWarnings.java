package dev.spillway.gateway.telemetry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Warnings that others can cause as often as they like, at most ten a minute: of those who reach
 * the port and are turned away, of agents that say what they should not, or of what a request makes
 * fail here. Any thread.
 */
public final class FewWarnings {
  private static final Logger LOG = System.getLogger(FewWarnings.class.getName());
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int LINES = 10;

  /** Of what came over a link: of its words, so many are written. */
  private static final int LONGEST = 300;

  private final LongSupplier nanoClock;
  private final String kind;
  private final AtomicLong windowNanos;
  private final AtomicLong lines = new AtomicLong();

  /**
   * None yet.
   *
   * @param kind which ones, for the line that says how many more there were
   */
  public FewWarnings(LongSupplier nanoClock, String kind) {
    this.nanoClock = nanoClock;
    this.kind = kind;
    this.windowNanos = new AtomicLong(nanoClock.getAsLong());
  }

  /** Warns, unless there were too many lately. */
  public void tell(String message, Object... parameters) {
    tellOfTheUntold();
    if (isToBeTold()) {
      LOG.log(Level.WARNING, message, parameters);
    }
  }

  /** Says what failed here and should not have, unless too much did lately. */
  public void tellFailure(String message, Throwable what) {
    tellOfTheUntold();
    if (isToBeTold()) {
      LOG.log(Level.ERROR, message, what);
    }
  }

  /** The beginning of a text that somebody else wrote, in characters that can be printed. */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char each = text.charAt(i);
      shown.append(each >= ' ' && each <= '~' ? each : '?');
    }
    return text.length() > LONGEST ? shown.append("...").toString() : shown.toString();
  }

  private void tellOfTheUntold() {
    long untold = untoldBefore();
    if (untold > 0) {
      LOG.log(Level.WARNING, "{0}: {1} more warnings in the last minutes", kind, untold);
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
