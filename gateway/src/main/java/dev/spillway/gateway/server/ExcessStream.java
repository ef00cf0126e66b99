package dev.spillway.gateway.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;

/**
 * A stream that a client opened though it had as many as it may: refused, so that the client may
 * ask again, and what comes on it is dropped (RFC 9113, 5.1.2). Event loop only.
 */
final class ExcessStream extends ChannelInboundHandlerAdapter {
  private final Http2Connection connection;

  ExcessStream(Http2Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connection.refusing(
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM))
            .addListener(ChannelFutureListener.CLOSE));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }
}
