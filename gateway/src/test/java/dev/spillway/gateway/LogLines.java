package dev.spillway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The lines that a class of the gateway logs while this is open. */
final class LogLines extends Handler {
  private final BlockingQueue<LogRecord> queue = new LinkedBlockingQueue<>();
  private final Logger logger;

  /** From now on. */
  LogLines(Class<?> of) {
    logger = Logger.getLogger(of.getName());
    logger.addHandler(this);
  }

  /** Those that were logged and not taken. */
  List<LogRecord> taken() {
    List<LogRecord> taken = new ArrayList<>();
    queue.drainTo(taken);
    return taken;
  }

  @Override
  public void publish(LogRecord line) {
    queue.add(line);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
