package dev.spillway.wire.chat;

import dev.spillway.wire.json.ByteSlice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hash of bytes that is the same on every hub and in every release; not for secrets.
 *
 * <p>Multiply and fold, eight bytes at a time, with the constant of Knuth's multiplicative hashing
 * and the finaliser of MurmurHash3.
 */
final class StableHash {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private StableHash() {}

  /** Hash of bytes {@code from} to {@code to} (exclusive) of a body; never 0. */
  static long of(ByteSlice body, int from, int to) {
    byte[] bytes = body.array();
    int end = body.offset() + to;
    int i = body.offset() + from;
    long hash = (long) to - from;
    for (; i + 8 <= end; i += 8) {
      hash = fold(hash, (long) WORDS.get(bytes, i));
    }
    for (; i < end; i++) {
      hash = fold(hash, bytes[i]);
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash ^= hash >>> 33;
    return hash == 0 ? 1 : hash;
  }

  private static long fold(long hash, long word) {
    long mixed = (hash ^ word) * GOLDEN;
    return mixed ^ (mixed >>> 29);
  }
}
