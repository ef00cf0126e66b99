package dev.spillway.wire.resume;

import dev.spillway.wire.json.ByteSlice;
import java.util.Arrays;

/**
 * A growing text as it stands between the quotes of a JSON string.
 *
 * <p>Such pieces, one after another, are again such a text, also where a surrogate pair was split
 * between two of them; so pieces of an answer need not be unescaped to be kept.
 */
final class EscapedText {
  private static final int FIRST_BYTES = 1024;

  private byte[] bytes = new byte[0];
  private int length;

  void append(byte[] source, int from, int to) {
    int needed = length + to - from;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(FIRST_BYTES, Math.max(needed, 2 * bytes.length)));
    }
    System.arraycopy(source, from, bytes, length, to - from);
    length = needed;
  }

  void append(ByteSlice escaped) {
    append(escaped.array(), escaped.offset(), escaped.end());
  }

  int length() {
    return length;
  }

  /** What it holds; later pieces do not change it. */
  ByteSlice slice() {
    return new ByteSlice(bytes, 0, length);
  }

  void clear() {
    bytes = new byte[0];
    length = 0;
  }
}
