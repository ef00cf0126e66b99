package dev.spillway.wire.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.chat.ChunkFacts;
import java.util.Arrays;

/**
 * One event: where its bytes are and what they say.
 *
 * <p>A window that scanners move from event to event, so that an ordinary chunk allocates nothing;
 * valid only inside {@link SseSink#event}. (Hence no record: rule 30 before rule 7.) Scanners of
 * one thread may share it: what reads one stream in a thousand then still is in the processor's
 * caches.
 */
public final class SseEvent {
  private static final byte[] NONE = {};
  private static final byte[] DATA = ascii("data");
  private static final byte[] EVENT = ascii("event");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] PING = ascii("ping");
  private static final int LONGEST_PING = 32;
  private static final byte[] DONE = ascii("[DONE]");

  private final ChunkFacts chunk;
  private final SseScanner.Data reader;
  private Kind kind = Kind.HEARTBEAT;
  private Place place = Place.INPUT;
  private byte[] array = NONE;
  private int offset;
  private int length;
  private byte[] dataArray = NONE;
  private int dataOffset;
  private int dataLength;
  private byte[] joined = NONE;
  private int dataLines;
  private int otherLines;
  private boolean namedError;
  private boolean namedPing;
  private boolean told;

  /** For scanners whose data is of this kind. */
  public SseEvent(SseScanner.Data reader) {
    this.reader = reader;
    this.chunk =
        new ChunkFacts(
            reader == SseScanner.Data.COMPLETIONS
                ? ChunkFacts.Form.COMPLETIONS
                : ChunkFacts.Form.CHAT);
  }

  /** What an event is to the relay. */
  public enum Kind {
    /** A chunk of the answer: JSON with {@code choices}. See {@link #chunk}. */
    CHUNK,
    /** {@code [DONE]}. */
    DONE,
    /** Named {@code error}, or with a top-level {@code error} that is not null. */
    ERROR,
    /** Only comments, or without data: a sign of life. */
    HEARTBEAT,
    /**
     * Valid JSON, but nothing of the chat API: a sign of life if it {@link #isPing}, else foreign.
     * Or data that was left to the caller to read.
     */
    UNKNOWN,
    /** Data that is neither JSON nor {@code [DONE]}. */
    MALFORMED
  }

  /** Where the event's bytes are. */
  public enum Place {
    /** In the array that was fed, so that it can be relayed as a part of what was read. */
    INPUT,
    /** In the scanner's own array, because it came in pieces: to be copied. */
    CARRIED
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** The facts of a {@link Kind#CHUNK}. */
  public ChunkFacts chunk() {
    return chunk;
  }

  /** Where its bytes are. */
  public Place place() {
    return place;
  }

  /** The array that holds all its bytes, the empty line at its end included. */
  public byte[] array() {
    return array;
  }

  /** Where it begins in {@link #array}. */
  public int offset() {
    return offset;
  }

  /** How many bytes it has, the empty line at its end included. */
  public int length() {
    return length;
  }

  /** The array that holds its data: the lines' values, joined by LF. */
  public byte[] dataArray() {
    return dataArray;
  }

  /** Where the data begins in {@link #dataArray}. */
  public int dataOffset() {
    return dataOffset;
  }

  /** How many bytes of data it has. */
  public int dataLength() {
    return dataLength;
  }

  /** Whether it is one line of data and nothing else, as all clients expect a chunk to be. */
  public boolean isOneLine() {
    return dataLines == 1 && otherLines == 0;
  }

  /** Whether its data is one line, and so stands as it is in {@link #array}. */
  public boolean hasDataInPlace() {
    return dataLines == 1;
  }

  /** Whether it only says that the server is there, as {@code event: ping} does. */
  public boolean isPing() {
    return namedPing || saysPing();
  }

  /** Moves the window to bytes that hold one event. */
  void read(byte[] bytes, int from, int count, Place where) {
    if (told) {
      throw new IllegalStateException("an event is read while another is told");
    }
    place = where;
    array = bytes;
    offset = from;
    length = count;
    dataLength = 0;
    dataLines = 0;
    otherLines = 0;
    namedError = false;
    namedPing = false;
    readLines();
    kind = judge();
  }

  /** Nobody else moves the window meanwhile: one tenant's bytes would be another's. */
  void tellTo(SseSink sink) {
    told = true;
    try {
      sink.event(this);
    } finally {
      told = false;
    }
  }

  /** Holds on to no bytes; only what it is can be asked until the next is read. */
  void forget() {
    array = NONE;
    length = 0;
    dataArray = NONE;
    dataLength = 0;
    joined = NONE;
  }

  private void readLines() {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int lineEnd = LineEnds.find(array, at, end);
      if (lineEnd > at) {
        readLine(at, lineEnd);
      }
      at = lineEnd + 1;
    }
  }

  private void readLine(int from, int to) {
    if (isField(DATA, from, to)) {
      addData(valueFrom(DATA, from, to), to);
      return;
    }
    otherLines++;
    if (isField(EVENT, from, to)) {
      int value = valueFrom(EVENT, from, to);
      namedError = Arrays.equals(array, value, to, ERROR, 0, ERROR.length);
      namedPing = Arrays.equals(array, value, to, PING, 0, PING.length);
    }
  }

  private boolean isField(byte[] name, int from, int to) {
    int nameEnd = from + name.length;
    return nameEnd <= to
        && Arrays.equals(array, from, nameEnd, name, 0, name.length)
        && (nameEnd == to || array[nameEnd] == ':');
  }

  /** One space after the colon does not belong to the value. */
  private int valueFrom(byte[] name, int from, int to) {
    int value = Math.min(from + name.length + 1, to);
    return value < to && array[value] == ' ' ? value + 1 : value;
  }

  private void addData(int from, int to) {
    dataLines++;
    if (dataLines == 1) {
      dataArray = array;
      dataOffset = from;
      dataLength = to - from;
      return;
    }
    int needed = dataLength + 1 + to - from;
    if (joined.length < needed) {
      byte[] larger = new byte[Math.max(needed, 2 * joined.length)];
      System.arraycopy(dataArray, dataOffset, larger, 0, dataLength);
      joined = larger;
    } else if (dataLines == 2) {
      System.arraycopy(dataArray, dataOffset, joined, 0, dataLength);
    }
    joined[dataLength] = '\n';
    System.arraycopy(array, from, joined, dataLength + 1, to - from);
    dataArray = joined;
    dataOffset = 0;
    dataLength = needed;
  }

  private Kind judge() {
    if (dataLength == 0) {
      return Kind.HEARTBEAT;
    }
    if (namedError) {
      return Kind.ERROR;
    }
    if (startsWithDone()) {
      return Kind.DONE;
    }
    if (reader == SseScanner.Data.LEFT_TO_CALLER) {
      return Kind.UNKNOWN;
    }
    return switch (chunk.read(dataArray, dataOffset, dataLength)) {
      case CHUNK -> Kind.CHUNK;
      case ERROR -> Kind.ERROR;
      case OTHER -> Kind.UNKNOWN;
      case MALFORMED -> Kind.MALFORMED;
    };
  }

  /** Some send their pings without a name. */
  private boolean saysPing() {
    String data =
        dataLength <= LONGEST_PING ? new String(dataArray, dataOffset, dataLength, ISO_8859_1) : "";
    return data.replace(" ", "").equals("{\"type\":\"ping\"}");
  }

  /** As the official clients do: whatever follows on the line. */
  private boolean startsWithDone() {
    return dataLength >= DONE.length
        && Arrays.equals(dataArray, dataOffset, dataOffset + DONE.length, DONE, 0, DONE.length);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
