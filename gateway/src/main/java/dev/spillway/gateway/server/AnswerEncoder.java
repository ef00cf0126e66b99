package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.gateway.exchange.Room;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers as HTTP/1.1 has them; bytes of a stream that come with {@link Room} for it are
 * framed where they are, so that a chunk is one buffer, one write and no object. A short answer
 * that is whole is copied behind its head, for the same reason.
 */
final class AnswerEncoder extends HttpResponseEncoder {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final int WORTH_COPYING_BYTES = 32 << 10;
  private static final int ROOM_FOR_HEAD_BYTES = 512;

  private final @Nullable StraightPath straight;

  /**
   * For one connection.
   *
   * @param straight the other way to its client, on which chunks overtake nothing that is written
   *     here; null if there is none
   */
  AnswerEncoder(@Nullable StraightPath straight) {
    this.straight = straight;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    ChannelPromise told = promise;
    if (straight != null) {
      passOn(straight, ctx);
      told = straight.watched(promise);
    }
    if (message instanceof ByteBuf bytes && Room.isAround(bytes)) {
      frame(bytes);
      ctx.write(bytes, told);
    } else if (message instanceof FullHttpResponse whole && isWorthCopying(whole.content())) {
      ctx.write(inOnePiece(whole, ctx), told);
    } else {
      super.write(ctx, message, told);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (straight != null) {
      passOn(straight, ctx);
    }
    ctx.flush();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) throws Exception {
    ByteBuf rest = straight == null ? null : straight.rest();
    if (rest != null) {
      rest.release();
    }
    super.handlerRemoved(ctx);
  }

  /** RFC 9112, section 7.1: the length in hexadecimal, the bytes, each with a line's end. */
  static void frame(ByteBuf bytes) {
    int length = bytes.readableBytes();
    int at = bytes.readerIndex();
    bytes.setByte(--at, '\n');
    bytes.setByte(--at, '\r');
    for (int rest = length; rest > 0; rest >>>= 4) {
      bytes.setByte(--at, HEX[rest & 0xF]);
    }
    bytes.readerIndex(at);
    bytes.writeByte('\r').writeByte('\n');
  }

  private static boolean isWorthCopying(ByteBuf body) {
    return body.isReadable() && body.readableBytes() <= WORTH_COPYING_BYTES;
  }

  private ByteBuf inOnePiece(FullHttpResponse answer, ChannelHandlerContext ctx) throws Exception {
    try {
      ByteBuf body = answer.content();
      ByteBuf bytes = ctx.alloc().directBuffer(ROOM_FOR_HEAD_BYTES + body.readableBytes());
      encodeInitialLine(bytes, answer);
      encodeHeaders(answer.headers(), bytes);
      return bytes.writeByte('\r').writeByte('\n').writeBytes(body);
    } finally {
      answer.release();
    }
  }

  private static void passOn(StraightPath from, ChannelHandlerContext ctx) {
    ByteBuf rest = from.rest();
    if (rest != null) {
      ctx.write(rest, from.watched(ctx.newPromise()));
    }
  }
}
