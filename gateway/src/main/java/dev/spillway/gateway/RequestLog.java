package dev.spillway.gateway;

import dev.spillway.gateway.telemetry.RequestLine;
import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes one line of JSON for each request; those of one event loop in their order.
 *
 * <p>The loop makes the line, while it has the request at hand, and never waits: when too many
 * lines do, its own is dropped and counted. So is one that cannot be written. Nor does it wake
 * anybody for a line: to wake a thread for each request was measured at more than the rest of the
 * request costs. The writer looks by itself, often enough for a person who watches, or when much
 * has come together, and writes all that it finds at once.
 */
public final class RequestLog implements RequestObserver, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RequestLog.class.getName());
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MUCH_BYTES = 256 << 10;

  private final OutputStream to;
  private final AtomicInteger places;
  private final List<Page> pages = new CopyOnWriteArrayList<>();
  private final ThreadLocal<Page> own = ThreadLocal.withInitial(this::newPage);
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
      Page page = own.get();
      if (page.add(request)) {
        LockSupport.unpark(writer);
      }
    }
  }

  /** Lines that were not written. */
  @Override
  public long dropped() {
    return dropped.sum();
  }

  /** Writes what waits and stops; if interrupted, leaves the rest to its thread. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(writer);
    try {
      writer.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Page newPage() {
    Page page = new Page();
    pages.add(page);
    return page;
  }

  private void write() {
    boolean last = false;
    while (!last) {
      last = closing;
      pages.forEach(this::writeAll);
      if (!last) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private void writeAll(Page page) {
    Lines lines = page.turn();
    if (lines.count > 0) {
      places.addAndGet(lines.count);
      writeOut(lines);
      lines.clear();
    }
  }

  private void writeOut(Lines lines) {
    try {
      ByteSlice bytes = lines.json.written();
      to.write(bytes.array(), bytes.offset(), bytes.length());
      to.flush();
      failing = false;
    } catch (IOException e) {
      dropped.add(lines.count);
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

  /** One thread's lines: it fills one side while the other is written. */
  private static final class Page {
    private final RequestLine line = new RequestLine();
    private Lines front = new Lines();
    private Lines back = new Lines();

    /** Whether this line made much of what was not. */
    private synchronized boolean add(RequestRecord request) {
      boolean was = front.isMuch();
      front.add(request, line);
      return !was && front.isMuch();
    }

    /** What was filled; the writer has it to itself until it turns again. */
    private synchronized Lines turn() {
      Lines filled = front;
      front = back;
      back = filled;
      return filled;
    }
  }

  /** Lines, one behind the other. */
  private static final class Lines {
    private static final int USUAL_BYTES = 64 << 10;
    private static final int MOST_BYTES_KEPT = 1 << 20;

    private JsonWriter json = new JsonWriter(USUAL_BYTES);
    private int count;

    private void add(RequestRecord request, RequestLine line) {
      line.write(request, json);
      count++;
    }

    private boolean isMuch() {
      return json.length() >= MUCH_BYTES;
    }

    /** Room that a burst needed is given back. */
    private void clear() {
      if (json.length() > MOST_BYTES_KEPT) {
        json = new JsonWriter(USUAL_BYTES);
      } else {
        json.clear();
      }
      count = 0;
    }
  }
}
