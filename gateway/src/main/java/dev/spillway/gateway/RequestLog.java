package dev.spillway.gateway;

import dev.spillway.gateway.telemetry.RequestLine;
import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.wire.json.ByteSlice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes one line of JSON for each request, on a thread of its own.
 *
 * <p>A loop that tells it never waits: when the queue is full the line is dropped and counted. So
 * is one that cannot be written. Nor does it wake anybody: to wake a thread for each request was
 * measured at more than the rest of the request costs. The writer looks by itself, often enough for
 * a person who watches, and writes all that it finds at once.
 */
public final class RequestLog implements RequestObserver, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RequestLog.class.getName());
  private static final long LOOK_MILLIS = 20;
  private static final int BATCH_BYTES = 64 << 10;

  private final OutputStream to;
  private final Queue<RequestRecord> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger places;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(BATCH_BYTES);
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
    this.places = new AtomicInteger(capacity);
    this.writer = Thread.ofPlatform().daemon().name("request-log").start(this::write);
  }

  @Override
  public void ended(RequestRecord request) {
    if (closing || places.decrementAndGet() < 0) {
      places.incrementAndGet();
      dropped.increment();
    } else {
      waiting.add(request);
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
      while (true) {
        boolean last = closing;
        writeAll(line);
        if (last) {
          return;
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll(RequestLine line) {
    int lines = 0;
    for (RequestRecord next = waiting.poll(); next != null; next = waiting.poll()) {
      places.incrementAndGet();
      ByteSlice bytes = line.of(next);
      batch.write(bytes.array(), bytes.offset(), bytes.length());
      lines++;
      if (batch.size() >= BATCH_BYTES) {
        writeBatch(lines);
        lines = 0;
      }
    }
    if (lines > 0) {
      writeBatch(lines);
    }
  }

  private void writeBatch(int lines) {
    try {
      batch.writeTo(to);
      to.flush();
      failing = false;
    } catch (IOException e) {
      dropped.add(lines);
      sayOnce(e);
    } finally {
      batch.reset();
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
