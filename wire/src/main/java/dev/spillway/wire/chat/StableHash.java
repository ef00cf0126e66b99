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
public final class StableHash {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private StableHash() {}

  /** Hash of bytes {@code from} to {@code to} (exclusive) of a body; never 0. */
  static long of(ByteSlice body, int from, int to) {
    return of(0, body.array(), body.offset() + from, body.offset() + to);
  }

  /** Hash of bytes {@code from} to {@code end} (exclusive), and of what came before; never 0. */
  public static long of(long before, byte[] bytes, int from, int end) {
    int i = from;
    long hash = before ^ (end - from);
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
