package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.gateway.exchange.Room;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * Writes answers as HTTP/1.1 has them; bytes of a stream that come with {@link Room} for it are
 * framed where they are, so that a chunk is one buffer, one write and no object.
 */
final class AnswerEncoder extends HttpResponseEncoder {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof ByteBuf bytes && Room.isAround(bytes)) {
      frame(bytes);
      ctx.write(bytes, promise);
    } else {
      super.write(ctx, message, promise);
    }
  }

  /** RFC 9112, section 7.1: the length in hexadecimal, the bytes, each with a line's end. */
  private static void frame(ByteBuf bytes) {
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
}
