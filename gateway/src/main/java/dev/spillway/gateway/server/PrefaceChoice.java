package dev.spillway.gateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.gateway.timing.TimeLimit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells by its first bytes which protocol a plain connection speaks, and leaves: the preface of
 * HTTP/2 is no request of HTTP/1.1 (RFC 9113, 3.4).
 */
final class PrefaceChoice extends ByteToMessageDecoder {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private final ServerSetup setup;
  private @Nullable TimeLimit limit;

  PrefaceChoice(ServerSetup setup) {
    this.setup = setup;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    limit = new TimeLimit(ctx.executor(), ctx::close);
    limit.within(setup.config().idleWithin());
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    Objects.requireNonNull(limit, "never added").end();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.CLOSE_IDLE || event == Drain.END) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int length = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        ClientPipeline.http1(ctx.channel(), setup);
        ctx.pipeline().remove(this);
        return;
      }
    }
    if (length == PREFACE.length) {
      ClientPipeline.http2(ctx.channel(), setup);
      ctx.pipeline().remove(this);
    }
  }
}
