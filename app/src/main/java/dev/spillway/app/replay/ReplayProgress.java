package dev.spillway.app.replay;

import dev.spillway.app.terminal.Terminal;
import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.report.Outcome.Kind;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows how far a replay is: one line that overwrites itself on a terminal, a line at times else.
 */
public final class ReplayProgress implements Replay.Listener {
  private static final Duration ON_TERMINAL = Duration.ofMillis(500);
  private static final Duration ELSEWHERE = Duration.ofSeconds(5);
  private static final int BAR = 30;

  private final PrintWriter out;
  private final int requests;
  private final boolean watched = Terminal.ofThisProgram() == Terminal.WATCHED;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong notWhole = new AtomicLong();
  private final Thread painter;

  /** Starts showing the progress of so many requests. */
  public ReplayProgress(PrintWriter out, int requests) {
    this.out = out;
    this.requests = requests;
    this.painter = Thread.ofVirtual().start(this::paint);
  }

  @Override
  public void sent() {
    sent.incrementAndGet();
  }

  @Override
  public void ended(Outcome outcome) {
    ended.incrementAndGet();
    if (outcome.kind() != Kind.WHOLE) {
      notWhole.incrementAndGet();
    }
  }

  /** Shows the end of it. */
  public void finish() throws InterruptedException {
    painter.interrupt();
    painter.join();
    line();
    out.println();
    out.flush();
  }

  private void paint() {
    try {
      while (true) {
        Thread.sleep(watched ? ON_TERMINAL : ELSEWHERE);
        line();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the load is over
    }
  }

  private void line() {
    long done = ended.get();
    String text =
        "%d of %d sent, %d in flight, %d not whole"
            .formatted(sent.get(), requests, sent.get() - done, notWhole.get());
    if (watched) {
      int full = (int) (BAR * done / Math.max(1, requests));
      out.print("\r\u001b[K[" + "#".repeat(full) + " ".repeat(BAR - full) + "] " + text);
    } else {
      out.println(text);
    }
    out.flush();
  }
}
