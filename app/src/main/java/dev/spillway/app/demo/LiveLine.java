package dev.spillway.app.demo;

import dev.spillway.app.hub.Hub;
import dev.spillway.app.terminal.Terminal;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.core.dispatch.DeploymentStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What each site is doing, while it does it: a line a site that fits 80 columns; they overwrite
 * themselves on a terminal and come every few seconds elsewhere.
 */
final class LiveLine {
  private static final String HOME = "azure-eastus2";
  private static final String PARTNER = "oci-chicago";
  private static final String UP = "\u001b[1A";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final Duration OFTEN = Duration.ofMillis(500);
  private static final Duration AT_TIMES = Duration.ofSeconds(3);

  private final PrintWriter out;
  private final Hub hub;
  private final Tally tally;
  private final Terminal terminal;
  private final List<Meter> meters;
  private final Thread painter;

  LiveLine(PrintWriter out, Hub hub, Tally tally, Terminal terminal) {
    this.out = out;
    this.hub = hub;
    this.tally = tally;
    this.terminal = terminal;
    this.meters = List.of(new Meter(HOME), new Meter(PARTNER));
    this.painter = Thread.ofVirtual().name("live-line").start(this::paint);
  }

  /** Prints a line of its own without disturbing the live one. */
  synchronized void say(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  void stop() throws InterruptedException {
    painter.interrupt();
    painter.join();
    synchronized (this) {
      clear();
    }
  }

  private void paint() {
    try {
      while (true) {
        Duration every = terminal == Terminal.WATCHED ? OFTEN : AT_TIMES;
        Thread.sleep(every);
        show(lines(every));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the story is over
    }
  }

  private synchronized void show(List<String> lines) {
    if (terminal == Terminal.WATCHED) {
      clear();
      out.print(String.join("\n", lines) + "\r" + UP.repeat(lines.size() - 1));
    } else {
      lines.forEach(out::println);
    }
    out.flush();
  }

  private void clear() {
    if (terminal == Terminal.WATCHED) {
      out.print("\r" + CLEAR_BELOW);
    }
  }

  private List<String> lines(Duration every) {
    List<String> lines = new ArrayList<>();
    for (Meter meter : meters) {
      lines.add(meter.text(every));
    }
    return lines;
  }

  /** One site; remembers the last look, so that rates are of the time since. */
  private final class Meter {
    private final String site;
    private long tokens;
    private long firstTokens;
    private long ttftNanos;

    Meter(String site) {
      this.site = site;
    }

    String text(Duration every) {
      Tally.Site seen = tally.site(site);
      double rate = (seen.outputTokens() - tokens) * 1e9 / every.toNanos();
      long newFirst = seen.firstTokens() - firstTokens;
      double ttft = newFirst == 0 ? 0 : (seen.ttftNanos() - ttftNanos) / 1e6 / newFirst;
      tokens = seen.outputTokens();
      firstTokens = seen.firstTokens();
      ttftNanos = seen.ttftNanos();
      int inFlight = 0;
      long queued = 0;
      String state = "";
      for (DeploymentView view : hub.deployments()) {
        if (view.deployment().site().id().value().equals(site)) {
          DeploymentStatus status = view.status();
          inFlight += status.inFlight();
          queued += status.queuedInputTokens();
          if (view.deployment().isHome()) {
            state = " " + status.breaker().name().toLowerCase(Locale.ROOT).replace('_', '-');
            state = state.equals(" closed") ? "" : state;
          }
        }
      }
      String what = site.equals(PARTNER) ? "spilled" : "served";
      return String.format(
          Locale.ROOT,
          "  %-14s%3d in flight %6d queued %5.0f tok/s  ttft %3.0f ms  %4d %s%s",
          site,
          inFlight,
          queued,
          rate,
          ttft,
          seen.served(),
          what,
          state);
    }
  }
}
