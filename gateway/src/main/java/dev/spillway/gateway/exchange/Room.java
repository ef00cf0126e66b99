package dev.spillway.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Space before and after the bytes of a stream, in which whoever sends them can put the framing of
 * its protocol without a buffer more.
 */
public final class Room {
  /** Ten characters hold the length of any buffer in hexadecimal, and a line's end. */
  private static final int BEFORE = 10;

  private static final int AFTER = 2;

  private Room() {}

  /** An empty buffer for so many bytes, with room around them. */
  static ByteBuf around(ByteBufAllocator allocator, int bytes) {
    return allocator.buffer(BEFORE + bytes + AFTER).setIndex(BEFORE, BEFORE);
  }

  /** Whether there is room before these bytes, which are not none. */
  public static boolean isAround(ByteBuf bytes) {
    return bytes.readerIndex() >= BEFORE && bytes.isReadable() && bytes.refCnt() == 1;
  }
}
