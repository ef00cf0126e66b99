package dev.spillway.wire.chat;

import dev.spillway.wire.json.ByteSlice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hash of bytes that is the same on every hub and in every release; not for secrets.
 *
 * <p>Multiply and fold, eight bytes at a time, with the constant of Knuth's multiplicative hashing
 * and the finaliser of MurmurHash3. A long text goes by four lanes, none of which waits for
 * another: a multiplication takes the processor several cycles, but it begins one in each.
 */
public final class StableHash {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Bytes from which on lanes pay. */
  private static final int WORTH_LANES = 64;

  private StableHash() {}

  /** Hash of bytes {@code from} to {@code to} (exclusive) of a body; never 0. */
  static long of(ByteSlice body, int from, int to) {
    return of(0, body.array(), body.offset() + from, body.offset() + to);
  }

  /** Hash of bytes {@code from} to {@code end} (exclusive), and of what came before; never 0. */
  public static long of(long before, byte[] bytes, int from, int end) {
    int i = from;
    long hash = before ^ (end - from);
    if (end - from >= WORTH_LANES) {
      long second = hash + GOLDEN;
      long third = second + GOLDEN;
      long fourth = third + GOLDEN;
      for (; i + 32 <= end; i += 32) {
        hash = fold(hash, word(bytes, i));
        second = fold(second, word(bytes, i + 8));
        third = fold(third, word(bytes, i + 16));
        fourth = fold(fourth, word(bytes, i + 24));
      }
      // Turned, or a bit in one lane could do what it does in another.
      hash = fold(hash, Long.rotateLeft(second, 16));
      hash = fold(hash, Long.rotateLeft(third, 32));
      hash = fold(hash, Long.rotateLeft(fourth, 48));
    }
    for (; i + 8 <= end; i += 8) {
      hash = fold(hash, word(bytes, i));
    }
    for (; i < end; i++) {
      hash = fold(hash, bytes[i]);
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash ^= hash >>> 33;
    return hash == 0 ? 1 : hash;
  }

  private static long word(byte[] bytes, int at) {
    return (long) WORDS.get(bytes, at);
  }

  private static long fold(long hash, long word) {
    long mixed = (hash ^ word) * GOLDEN;
    return mixed ^ (mixed >>> 29);
  }
}
