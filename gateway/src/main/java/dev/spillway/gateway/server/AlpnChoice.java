package dev.spillway.gateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;

/** Takes the protocol that client and hub agreed on in their TLS handshake, and leaves. */
final class AlpnChoice extends ApplicationProtocolNegotiationHandler {
  private final ServerSetup setup;

  AlpnChoice(ServerSetup setup) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.setup = setup;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == Drain.CLOSE_IDLE || event == Drain.END) {
      ctx.close();
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      ClientPipeline.http2(ctx.channel(), setup);
    } else {
      ClientPipeline.http1(ctx.channel(), setup);
    }
  }

  /** Of no interest: a handshake fails because of the client, and it is told by TLS itself. */
  @Override
  protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
