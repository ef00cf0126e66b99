package dev.spillway.wire.sse;

import java.util.Arrays;

/**
 * Cuts a stream of bytes into server-sent events.
 *
 * <p>What: the framing of the HTML standard, section 9.2.6 (2026-11): lines end in LF, CR or CRLF,
 * an empty line ends an event, one byte order mark may come first. Reads may cut anywhere, also
 * between CR and LF and inside a character.
 *
 * <p>Why so: the relay must send whole events only. Were half an event on its way to the client
 * when the provider breaks off, the error event after it would be read as a part of it. So the
 * bytes of an event that is not whole stay here, and an event that came in one read stays where it
 * is.
 *
 * <p>Cost: each byte is looked at once for line ends, eight at a time, and the data of each event
 * once more for its facts; an event in one piece is not copied and allocates nothing.
 *
 * <p>Not thread-safe: one stream, one scanner.
 */
public final class SseScanner {
  private static final int FIRST_CARRY = 1024;

  /** What a long event needed is let go with it: streams live long, and most events are short. */
  private static final int MOST_KEPT = 64 << 10;

  private static final byte[] NONE = {};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final SseEvent event;
  private final int maxEventBytes;
  private byte[] carry = NONE;
  private int carried;
  private boolean lineIsEmpty = true;
  private boolean lineFeedMayFollow;
  private boolean started;
  private boolean broken;

  /**
   * For one stream.
   *
   * @param maxEventBytes the longest event that is taken, at least 1,024
   */
  public SseScanner(int maxEventBytes) {
    this(maxEventBytes, Data.CHAT);
  }

  /** For one stream whose data may be of another API than chat. */
  public SseScanner(int maxEventBytes, Data data) {
    this(maxEventBytes, new SseEvent(data));
  }

  /**
   * For one stream of many.
   *
   * @param event is moved over what this scanner reads; others of the same thread may use it too,
   *     but not inside {@link SseSink#event}
   */
  public SseScanner(int maxEventBytes, SseEvent event) {
    if (maxEventBytes < FIRST_CARRY) {
      throw new IllegalArgumentException(
          "maxEventBytes: " + maxEventBytes + " (expected: >= " + FIRST_CARRY + ")");
    }
    this.maxEventBytes = maxEventBytes;
    this.event = event;
  }

  /** Who reads the data of events. */
  public enum Data {
    /** The scanner: they are chunks of chat. */
    CHAT,
    /** The scanner: they are chunks of completions, as before chat. */
    COMPLETIONS,
    /** Whoever is told of them, so that each is read once. */
    LEFT_TO_CALLER
  }

  /** What became of the bytes. */
  public enum Fed {
    /** All events that were whole were told; the rest waits for more. */
    ALL,
    /** An event is longer than is taken: the stream is broken, nothing more may be fed. */
    EVENT_TOO_LONG
  }

  /**
   * Reads on, and tells each event that became whole.
   *
   * <p>The array is borrowed until this returns. Bytes of an event that is not whole yet are
   * copied: the relay may send on exactly the events it was told.
   */
  public Fed feed(byte[] bytes, int offset, int length, SseSink sink) {
    if (broken) {
      throw new IllegalStateException("fed after an event that was too long");
    }
    int end = offset + length;
    int i = afterLineFeed(bytes, offset, end);
    int eventFrom = carried == 0 ? i : offset;
    while (i < end) {
      int lineEnd = LineEnds.find(bytes, i, end);
      lineIsEmpty &= lineEnd == i;
      if (lineEnd == end) {
        break;
      }
      i = afterLineEnd(bytes, lineEnd, end);
      if (lineIsEmpty) {
        if (carried + i - eventFrom > maxEventBytes) {
          return tooLong();
        }
        tell(bytes, eventFrom, i, sink);
        eventFrom = i;
      }
      lineIsEmpty = true;
    }
    return keep(bytes, eventFrom, end);
  }

  /**
   * The stream has ended: an event that lacks its empty line is told now if it is {@code [DONE]},
   * and dropped otherwise, as the standard says.
   */
  public void end(SseSink sink) {
    if (carried > 0) {
      read(carry, 0, carried, SseEvent.Place.CARRIED);
      if (event.kind() == SseEvent.Kind.DONE) {
        carried = 0;
        event.tellTo(sink);
      }
    }
  }

  /** Bytes of an event that is not whole yet; above 0 after {@link #end}, the stream was cut. */
  public int pendingBytes() {
    return carried;
  }

  /** Room for such bytes that is held on to. */
  int keptBytes() {
    return carry.length;
  }

  /** The LF of a CRLF whose CR ended the read before. */
  private int afterLineFeed(byte[] bytes, int at, int end) {
    if (at == end) {
      return at;
    }
    boolean skip = lineFeedMayFollow && bytes[at] == '\n';
    lineFeedMayFollow = false;
    return skip ? at + 1 : at;
  }

  private int afterLineEnd(byte[] bytes, int lineEnd, int end) {
    int next = lineEnd + 1;
    if (bytes[lineEnd] == '\n') {
      return next;
    }
    if (next == end) {
      lineFeedMayFollow = true;
      return next;
    }
    return bytes[next] == '\n' ? next + 1 : next;
  }

  private void tell(byte[] bytes, int from, int to, SseSink sink) {
    if (carried == 0) {
      read(bytes, from, to - from, SseEvent.Place.INPUT);
      event.tellTo(sink);
    } else {
      append(bytes, from, to);
      read(carry, 0, carried, SseEvent.Place.CARRIED);
      carried = 0;
      event.tellTo(sink);
      letGoOfALongOne();
    }
  }

  private void letGoOfALongOne() {
    if (carry.length > MOST_KEPT) {
      carry = NONE;
      event.forget();
    }
  }

  private void read(byte[] bytes, int from, int count, SseEvent.Place where) {
    int mark = started ? 0 : byteOrderMark(bytes, from, count);
    started = true;
    event.read(bytes, from + mark, count - mark, where);
  }

  private static int byteOrderMark(byte[] bytes, int from, int count) {
    boolean marked = count >= 3 && Arrays.equals(bytes, from, from + 3, BYTE_ORDER_MARK, 0, 3);
    return marked ? 3 : 0;
  }

  private Fed keep(byte[] bytes, int from, int to) {
    if (from == to) {
      return Fed.ALL;
    }
    if (carried + to - from > maxEventBytes) {
      return tooLong();
    }
    append(bytes, from, to);
    return Fed.ALL;
  }

  private void append(byte[] bytes, int from, int to) {
    int needed = carried + to - from;
    if (needed > carry.length) {
      carry = Arrays.copyOf(carry, Math.max(FIRST_CARRY, Math.max(needed, 2 * carry.length)));
    }
    System.arraycopy(bytes, from, carry, carried, to - from);
    carried = needed;
  }

  private Fed tooLong() {
    broken = true;
    carry = NONE;
    carried = 0;
    return Fed.EVENT_TOO_LONG;
  }
}
