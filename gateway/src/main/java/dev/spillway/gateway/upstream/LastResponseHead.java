package dev.spillway.gateway.upstream;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of one connection's last answer. An engine's next one often has the same bytes, within a
 * second even the date, and is compared then, not read.
 */
final class LastResponseHead {
  /** What is longer is rare, and would be held by every connection. */
  private static final int MOST_BYTES = 1 << 10;

  /** Heads in a row that were like none before, after which none is remembered any more. */
  private static final int MOST_MISSES = 16;

  private byte[] bytes = {};
  private byte[] next = {};
  private int misses;
  private @Nullable ResponseHead head;

  /** The head that was read from here to where it is read now. */
  void remember(ByteBuf in, int from, ResponseHead read) {
    int length = in.readerIndex() - from;
    head = null;
    if (++misses > MOST_MISSES || length > MOST_BYTES) {
      return;
    }
    if (bytes.length != length) {
      bytes = new byte[length];
      next = new byte[length];
    }
    in.getBytes(from, bytes);
    head = read;
  }

  /** Reads the head that begins here if it is the same; else null, and nothing is read. */
  @Nullable ResponseHead read(ByteBuf in) {
    if (head == null || in.readableBytes() < bytes.length) {
      return null;
    }
    in.getBytes(in.readerIndex(), next);
    if (!Arrays.equals(bytes, next)) {
      return null;
    }
    misses = 0;
    in.skipBytes(bytes.length);
    return head;
  }
}
