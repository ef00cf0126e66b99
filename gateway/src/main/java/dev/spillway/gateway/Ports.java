package dev.spillway.gateway;

import dev.spillway.gateway.tunnel.LinkConfig;
import dev.spillway.gateway.tunnel.LinkListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;

/** Opens the ports of the data plane, or says which cannot be had and why; blocks. */
final class Ports {
  private Ports() {}

  /** Where clients connect. */
  static Channel data(ServerBootstrap server, GatewayConfig config)
      throws IOException, InterruptedException {
    var bound = server.bind(config.host(), config.port()).await();
    if (!bound.isSuccess()) {
      throw new IOException(
          cannotListen("listen.data", config.host(), config.port(), bound.cause()), bound.cause());
    }
    return bound.channel();
  }

  /** Where agents of partner sites link. */
  static LinkListener links(EventLoopGroup loops, Sockets sockets, SitePort sites)
      throws IOException, InterruptedException {
    LinkConfig config = sites.config();
    LinkListener listener = LinkListener.start(loops, sockets.server(), config, sites.links());
    var bound = listener.bound().await();
    if (!bound.isSuccess()) {
      throw new IOException(
          cannotListen("listen.links", config.host(), config.port(), bound.cause()), bound.cause());
    }
    return listener;
  }

  private static String cannotListen(String key, String host, int port, Throwable cause) {
    String why = cause instanceof UnresolvedAddressException ? "unknown host" : cause.getMessage();
    return key + ": cannot listen on " + host + ":" + port + " (" + why + ")";
  }
}
