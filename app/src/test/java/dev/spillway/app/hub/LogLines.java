package dev.spillway.app.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.MessageFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** The lines that a logger writes, for the test that adds this to it. */
final class LogLines extends Handler {
  private final BlockingQueue<LogRecord> queue = new LinkedBlockingQueue<>();

  /** The next line; fails if there is none within 10 s. */
  LogRecord next() throws InterruptedException {
    LogRecord line = queue.poll(10, TimeUnit.SECONDS);
    assertThat(line).as("a line within 10 s").isNotNull();
    return line;
  }

  /** Whether there is no line that was not taken. */
  boolean areOver() {
    return queue.isEmpty();
  }

  /** As people read it. */
  static String text(LogRecord line) {
    return line.getParameters() == null
        ? line.getMessage()
        : MessageFormat.format(line.getMessage(), line.getParameters());
  }

  @Override
  public void publish(LogRecord line) {
    queue.add(line);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
