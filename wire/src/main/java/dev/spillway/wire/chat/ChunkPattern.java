package dev.spillway.wire.chat;

import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.Arrays;

/**
 * A chunk that was read, as a pattern for others: its slots are the values that change from chunk
 * to chunk or from stream to stream, and all between them is the same, byte for byte.
 *
 * <p>Why: nearly all chunks of a provider differ in nothing but their text, {@code id}, {@code
 * created}, {@code system_fingerprint} and {@code obfuscation}. To compare the rest takes a tenth
 * of the time that reading it does.
 *
 * <p>Why it is sound: what fills a slot is read, and must be one value of the kind that was there,
 * and no empty string. So whoever reads a chunk that matches meets the same tokens in the same
 * order as in the one that was learnt, and finds the same but for where the values are and what
 * they say.
 *
 * <p>Not thread-safe.
 */
final class ChunkPattern {
  private static final int MOST_BYTES = 1 << 10;
  private static final int MOST_SLOTS = 5;
  private static final int NONE = -1;
  private static final int QUOTE = 1;

  private final JsonCursor cursor;
  private final int[] from = new int[MOST_SLOTS];
  private final int[] to = new int[MOST_SLOTS];
  private final JsonKind[] kinds = new JsonKind[MOST_SLOTS];
  private byte[] like = new byte[0];
  private int length = NONE;
  private int slots;
  private int textSlot = NONE;
  private int textFrom;
  private int textTo;
  private int textBytes;
  private Common common = new Common(0, 0, false, false, false);

  /** What is the same in all that match. */
  record Common(int deltas, int index, boolean id, boolean role, boolean nullError) {}

  ChunkPattern(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** Matches nothing until it has learnt again. */
  void forget() {
    length = NONE;
    slots = 0;
    textSlot = NONE;
  }

  /** Reads over a value, a string or a number, that is a slot. */
  void readSlot() throws MalformedJson {
    JsonKind kind = cursor.kind();
    int at = cursor.position();
    cursor.skip();
    slot(at, cursor.endOfValue(), kind);
  }

  /** The text that was read last is one. */
  void text(AnswerPart read) {
    textSlot = slots;
    slot(read.textFrom() - QUOTE, read.textTo() + QUOTE, JsonKind.STRING);
  }

  private void slot(int valueFrom, int valueTo, JsonKind kind) {
    if (slots < MOST_SLOTS) {
      from[slots] = valueFrom;
      to[slots] = valueTo;
      kinds[slots] = kind;
    }
    slots++;
  }

  /** The chunk whose slots were told is one for others; false if it is none. */
  boolean learn(byte[] bytes, int offset, int count, Common facts) {
    if (count > MOST_BYTES || textSlot == NONE || !areSound()) {
      return false;
    }
    if (like.length < count) {
      like = new byte[MOST_BYTES];
    }
    System.arraycopy(bytes, offset, like, 0, count);
    length = count;
    common = facts;
    return true;
  }

  Common common() {
    return common;
  }

  /** Whether this chunk differs from the one that was learnt in its slots only. */
  boolean matches(byte[] bytes, int offset, int count) {
    if (length == NONE) {
      return false;
    }
    int at = offset;
    int end = offset + count;
    int seen = 0;
    for (int slot = 0; slot < slots; slot++) {
      int same = from[slot] - seen;
      if (!isSame(bytes, at, at + same, end, seen)) {
        return false;
      }
      at += same;
      if (!fills(slot, bytes, at, end)) {
        return false;
      }
      if (slot == textSlot) {
        textFrom = at - offset + cursor.textFrom();
        textTo = at - offset + cursor.textTo();
        textBytes = cursor.textBytes();
      }
      at += cursor.endOfValue();
      seen = to[slot];
    }
    return end - at == length - seen && isSame(bytes, at, end, end, seen);
  }

  /**
   * Where the text of the chunk that matched begins, after its quote, from the start of its JSON.
   */
  int textFrom() {
    return textFrom;
  }

  /** Where it ends, before its quote. */
  int textTo() {
    return textTo;
  }

  /** Its UTF-8 bytes, unescaped. */
  int textBytes() {
    return textBytes;
  }

  /** Of members that are there twice, some are told twice, or out of order. */
  private boolean areSound() {
    int end = 0;
    for (int slot = 0; slot < slots; slot++) {
      boolean empty = kinds[slot] == JsonKind.STRING && to[slot] - from[slot] == 2 * QUOTE;
      if (slot == MOST_SLOTS || from[slot] < end || empty) {
        return false;
      }
      end = to[slot];
    }
    return true;
  }

  private boolean isSame(byte[] bytes, int at, int to, int end, int seen) {
    return to <= end && Arrays.equals(bytes, at, to, like, seen, seen + to - at);
  }

  /** Steps over the value there, if it is one of the slot's kind. */
  private boolean fills(int slot, byte[] bytes, int at, int end) {
    try {
      cursor.reset(bytes, at, end - at);
      if (cursor.kind() != kinds[slot]) {
        return false;
      }
      if (kinds[slot] == JsonKind.STRING) {
        cursor.skipString();
        return cursor.textBytes() > 0;
      }
      cursor.skip();
      return true;
    } catch (MalformedJson _) {
      return false;
    }
  }
}
