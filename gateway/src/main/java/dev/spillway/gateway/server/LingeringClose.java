package dev.spillway.gateway.server;

import dev.spillway.gateway.timing.TimeLimit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connection of a client that broke the protocol so that it can read why.
 *
 * <p>To close while bytes arrive resets a connection, and what did not get through yet is lost with
 * it: the reason above all, for who floods does not read meanwhile. So what still comes is thrown
 * away for a moment, as it is over HTTP/1.1.
 *
 * <p>Stands before the codec. Event loop only.
 */
final class LingeringClose extends ChannelDuplexHandler {
  private static final Duration LINGER = Duration.ofSeconds(1);

  private boolean toldAnError;
  private boolean over;
  private @Nullable TimeLimit lingering;

  private LingeringClose() {}

  /** For a connection of HTTP/2, whose goodbyes it heeds. */
  static LingeringClose of(Http2Connection connection) {
    LingeringClose close = new LingeringClose();
    connection.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onGoAwaySent(int lastStream, long error, ByteBuf why) {
            close.toldAnError |= error != Http2Error.NO_ERROR.code();
          }
        });
    return close;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering == null) {
      ctx.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /** The codec closes twice for one error. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!toldAnError || over || !ctx.channel().isActive()) {
      ctx.close(promise);
      return;
    }
    ctx.channel().closeFuture().addListener(_ -> promise.trySuccess());
    if (lingering == null) {
      lingering = new TimeLimit(ctx.executor(), () -> closeNow(ctx));
      lingering.within(LINGER);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (lingering != null) {
      lingering.end();
    }
    ctx.fireChannelInactive();
  }

  private void closeNow(ChannelHandlerContext ctx) {
    over = true;
    ctx.close();
  }
}
