package dev.spillway.wire.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the ends of lines, eight bytes at a time. */
final class LineEnds {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private LineEnds() {}

  /** Index of the first CR or LF from {@code at} on; {@code end} if there is none. */
  static int find(byte[] bytes, int at, int end) {
    int i = at;
    while (i + 8 <= end) {
      long word = (long) WORDS.get(bytes, i);
      long hits = (zeroBytes(word ^ (ONES * '\n')) | zeroBytes(word ^ (ONES * '\r'))) & HIGHS;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >> 3);
      }
      i += 8;
    }
    while (i < end && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  /** High bit of each byte that is zero; bytes above the lowest such may be flagged wrongly. */
  private static long zeroBytes(long word) {
    return (word - ONES) & ~word;
  }
}
