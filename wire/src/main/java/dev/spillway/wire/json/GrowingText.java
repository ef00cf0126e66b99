package dev.spillway.wire.json;

import java.util.Arrays;

/** Bytes that pieces are added to; not thread-safe. */
public final class GrowingText {
  private static final int FIRST_BYTES = 64;
  private static final int LONG_BYTES = 64 << 10;

  private byte[] bytes = new byte[0];
  private int length;

  /** Adds bytes {@code from} to {@code to} (exclusive) of an array. */
  public void append(byte[] source, int from, int to) {
    int needed = length + to - from;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(FIRST_BYTES, Math.max(needed, more(bytes.length))));
    }
    System.arraycopy(source, from, bytes, length, to - from);
    length = needed;
  }

  /** Adds a piece. */
  public void append(ByteSlice piece) {
    append(piece.array(), piece.offset(), piece.end());
  }

  /** How many bytes it has. */
  public int length() {
    return length;
  }

  /** How many bytes of memory it has. */
  public long roomBytes() {
    return bytes.length;
  }

  /** What it holds, not a copy; later pieces do not change it. */
  public ByteSlice slice() {
    return new ByteSlice(bytes, 0, length);
  }

  /** Forgets it all, and gives the room back. */
  public void clear() {
    bytes = new byte[0];
    length = 0;
  }

  /** A long one grows by half: thousands of them are kept, and room is memory too. */
  private static int more(int length) {
    return length < LONG_BYTES ? 2 * length : length + length / 2;
  }
}
