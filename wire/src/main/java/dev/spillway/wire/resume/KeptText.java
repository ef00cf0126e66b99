package dev.spillway.wire.resume;

import dev.spillway.wire.json.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Text that grows by pieces, in blocks that are paid for one by one: what is there is not moved to
 * make room, and there is never much more room than text. Not thread-safe.
 */
final class KeptText {
  private static final int LEAST_BLOCK_BYTES = 1 << 10;
  private static final int LARGE_BLOCK_BYTES = 8 << 10;
  private static final byte[] NO_BLOCK = {};

  private final ContinuationMemory.Share memory;

  /** All but the last, full. */
  private List<byte[]> full = List.of();

  private byte[] last = NO_BLOCK;
  private int lastLength;
  private int length;
  private int paid;

  KeptText(ContinuationMemory.Share memory) {
    this.memory = memory;
  }

  /** Adds a piece; false if there is no memory for it, and then no part of it is kept. */
  boolean append(byte[] source, int from, int to) {
    int more = to - from;
    int fits = Math.min(more, last.length - lastLength);
    if (fits < more && !takesBlock(source, from, fits, more - fits)) {
      return false;
    }
    int rest = fits < more ? from + fits : from;
    System.arraycopy(source, rest, last, lastLength, to - rest);
    lastLength += to - rest;
    length += more;
    return true;
  }

  /** Whether a piece of this length fits into what is paid for. */
  boolean hasRoomFor(int more) {
    return more <= last.length - lastLength;
  }

  void eachPart(Consumer<Object> to) {
    to.accept(this);
    to.accept(last);
  }

  int length() {
    return length;
  }

  /** All of it in one piece, not a copy; later pieces do not change it. */
  ByteSlice whole() {
    if (!full.isEmpty()) {
      byte[] joined = new byte[length];
      int at = 0;
      for (byte[] each : full) {
        System.arraycopy(each, 0, joined, at, each.length);
        at += each.length;
      }
      System.arraycopy(last, 0, joined, at, lastLength);
      full = List.of();
      last = joined;
      lastLength = length;
    }
    return new ByteSlice(last, 0, length);
  }

  /** Forgets it all, and gives the memory back. */
  void clear() {
    memory.giveBack(paid);
    full = List.of();
    last = NO_BLOCK;
    lastLength = 0;
    length = 0;
    paid = 0;
  }

  /** Fills the last block with {@code fits} bytes, and begins one that holds the rest. */
  private boolean takesBlock(byte[] source, int from, int fits, int rest) {
    int room = Math.max(rest, Math.clamp(length, LEAST_BLOCK_BYTES, LARGE_BLOCK_BYTES));
    if (!memory.takes(room)) {
      return false;
    }
    paid += room;
    System.arraycopy(source, from, last, lastLength, fits);
    if (last.length > 0) {
      if (full.isEmpty()) {
        full = new ArrayList<>();
      }
      full.add(last);
    }
    last = new byte[room];
    lastLength = 0;
    return true;
  }
}
