package dev.spillway.gateway.server;

import io.netty.buffer.ByteBuf;

/**
 * Counts the lines of a head, or of trailers, that does not come whole in one short read.
 *
 * <p>{@link StrictHeaders} counts those that begin a header. One that goes on with the header
 * before it (RFC 9112, 5.2) is none of them, but makes the decoder copy all of that header; an
 * empty line before a request is nothing at all. Both could come without end.
 *
 * <p>Event loop only.
 */
final class HeadLines {
  /** What comes in less, once, is not worth looking at. */
  private static final int SHORT_BYTES = 2 << 10;

  private int read;
  private boolean begun;

  /** The line of a request was read: an empty one ends its head. */
  void begin() {
    begun = true;
  }

  /** Whether a head has more lines than are taken, those counted that are here to be read. */
  boolean areTooMany(ByteBuf in) {
    if (in.readableBytes() <= SHORT_BYTES) {
      return false;
    }
    boolean isWithin = begun;
    int lines = read;
    int at = in.readerIndex();
    int end = lineEnd(in, at, in.writerIndex());
    while (end >= 0 && lines <= StrictHeaders.MOST) {
      boolean isEmpty = end == at || (end == at + 1 && in.getByte(at) == '\r');
      if (isEmpty && isWithin) {
        break;
      }
      isWithin |= !isEmpty;
      lines++;
      at = end + 1;
      end = lineEnd(in, at, in.writerIndex());
    }
    return lines > StrictHeaders.MOST;
  }

  /** All from there on was read, and nothing came of it yet; whether there are too many lines. */
  boolean areTooMany(ByteBuf in, int from) {
    int to = in.readerIndex();
    for (int end = lineEnd(in, from, to); end >= 0; end = lineEnd(in, end + 1, to)) {
      read++;
    }
    return read > StrictHeaders.MOST;
  }

  /** Something came of what was read. */
  void forget() {
    read = 0;
    begun = false;
  }

  private static int lineEnd(ByteBuf in, int from, int to) {
    return in.indexOf(from, to, (byte) '\n');
  }
}
