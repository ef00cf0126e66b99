package dev.spillway.wire.sse;

import dev.spillway.wire.chat.ChunkFacts;

/**
 * One event: where its bytes are and what they say.
 *
 * <p>A window that the scanner moves from event to event, so that an ordinary chunk allocates
 * nothing; valid only inside {@link SseSink#event}.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod", "FieldCanBeFinal"}) // being written
public final class SseEvent {
  private final ChunkFacts chunk = new ChunkFacts();
  private Kind kind = Kind.HEARTBEAT;
  private byte[] array = new byte[0];
  private int offset;
  private int length;
  private Place place = Place.INPUT;
  private byte[] dataArray = array;
  private int dataOffset;
  private int dataLength;

  SseEvent() {}

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
    /** Valid JSON, but nothing of the chat API, such as {@code event: ping}: a sign of life. */
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
}
