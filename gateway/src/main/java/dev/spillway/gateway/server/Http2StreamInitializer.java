package dev.spillway.gateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;

/** Prepares each stream of one connection. */
final class Http2StreamInitializer extends ChannelInitializer<Channel> {
  private final Http2Connection connection;
  private final ServerSetup setup;

  Http2StreamInitializer(Http2Connection connection, ServerSetup setup) {
    this.connection = connection;
    this.setup = setup;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (connection.hasTooMany()) {
      channel.pipeline().addLast(new ExcessStream(connection));
    } else {
      channel.pipeline().addLast(new StrictStreamCodec(), new Http2Stream(connection, setup));
    }
  }
}
