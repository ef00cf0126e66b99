package dev.spillway.gateway;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spillway.gateway.telemetry.RequestLine;
import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.wire.json.ByteSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes one line of JSON for each request, on a thread of its own.
 *
 * <p>A loop that tells it never waits: when the queue is full the line is dropped and counted. So
 * is one that cannot be written.
 */
public final class RequestLog implements RequestObserver, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RequestLog.class.getName());
  private static final long LOOK_MILLIS = 50;

  private final OutputStream to;
  private final BlockingQueue<RequestRecord> waiting;
  private final LongAdder dropped = new LongAdder();
  private final Thread writer;
  private volatile boolean closing;
  private boolean failing;

  /**
   * Starts its thread.
   *
   * @param to where lines go; flushed whenever all that waits is written, and left open
   * @param capacity lines that may wait, at least 1
   */
  public RequestLog(OutputStream to, int capacity) {
    this.to = to;
    this.waiting = new ArrayBlockingQueue<>(capacity);
    this.writer = Thread.ofPlatform().daemon().name("request-log").start(this::write);
  }

  @Override
  public void ended(RequestRecord request) {
    if (closing || !waiting.offer(request)) {
      dropped.increment();
    }
  }

  /** Lines that were not written. */
  public long dropped() {
    return dropped.sum();
  }

  /** Writes what waits and stops; if interrupted, leaves the rest to its thread. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    RequestLine line = new RequestLine();
    try {
      while (!closing || !waiting.isEmpty()) {
        RequestRecord next = waiting.poll(LOOK_MILLIS, MILLISECONDS);
        if (next != null) {
          write(line.of(next));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(ByteSlice line) {
    try {
      to.write(line.array(), line.offset(), line.length());
      if (waiting.isEmpty()) {
        to.flush();
      }
      failing = false;
    } catch (IOException e) {
      dropped.increment();
      sayOnce(e);
    }
  }

  /** A full disk would otherwise fill the log of the hub as well. */
  private void sayOnce(IOException failure) {
    if (!failing) {
      failing = true;
      LOG.log(
          Level.WARNING, "request log: cannot write, lines are dropped until it works", failure);
    }
  }
}
