package dev.spillway.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line an event on stderr: when, how grave, where, what. */
final class LogFormat extends Formatter {
  private static final int LEVEL_WIDTH = 7;
  private static final String OURS = "dev.spillway.";

  /** Libraries' loggers; held, since java.util.logging forgets what nobody holds. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private static final Logger NETTY = Logger.getLogger("io.netty");

  /** Makes it the format of this process. */
  static void install() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    ConsoleHandler stderr = new ConsoleHandler();
    stderr.setFormatter(new LogFormat());
    root.addHandler(stderr);
    HELIDON.setLevel(Level.WARNING);
    NETTY.setLevel(Level.WARNING); // it writes a line for frames that clients send at will
  }

  /** The same for a program that tells its story itself: what goes well is not logged. */
  static void installQuiet() {
    install();
    Logger.getLogger("").setLevel(Level.WARNING);
  }

  @Override
  public String format(LogRecord event) {
    String name = String.valueOf(event.getLoggerName());
    return "%s %s %s: %s%n%s"
        .formatted(
            Instant.ofEpochMilli(event.getMillis()).truncatedTo(ChronoUnit.MILLIS),
            level(event.getLevel()),
            name.startsWith(OURS) ? name.substring(OURS.length()) : name,
            formatMessage(event),
            trace(event));
  }

  /** As System.Logger calls it, which is what our code says. */
  private static String level(Level level) {
    String name = level.equals(Level.SEVERE) ? "ERROR" : level.getName();
    return name + " ".repeat(Math.max(0, LEVEL_WIDTH - name.length()));
  }

  private static String trace(LogRecord event) {
    if (event.getThrown() == null) {
      return "";
    }
    StringWriter trace = new StringWriter();
    event.getThrown().printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }
}
