package dev.spillway.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Space before and after the bytes of a stream, in which whoever sends them can put the framing of
 * its protocol without a buffer more. Bytes that came as one chunk have as much as they need, where
 * their own framing was.
 */
public final class Room {
  /** Ten characters hold the length of any buffer in hexadecimal, and a line's end. */
  private static final int BEFORE = 10;

  private static final int AFTER = 2;
  private static final int LINE_END = 2;

  /** A slow client's bytes are counted as they are; their buffers should not be much larger. */
  private static final int MOST_WASTE = 4;

  private Room() {}

  /** An empty buffer for so many bytes, with room around them. */
  static ByteBuf around(ByteBufAllocator allocator, int bytes) {
    return allocator.buffer(BEFORE + bytes + AFTER).setIndex(BEFORE, BEFORE);
  }

  /** Whether there is room around these bytes for a chunk's framing; of no bytes there is none. */
  public static boolean isAround(ByteBuf bytes) {
    int length = bytes.readableBytes();
    int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 3) / 4;
    return length > 0
        && bytes.readerIndex() >= digits + LINE_END
        && bytes.writableBytes() >= LINE_END
        && bytes.refCnt() == 1;
  }

  /** The same, and of a buffer that is not kept for much more than these bytes. */
  static boolean isAroundWithoutWaste(ByteBuf bytes) {
    return bytes.capacity() <= MOST_WASTE * bytes.readableBytes() && isAround(bytes);
  }
}
