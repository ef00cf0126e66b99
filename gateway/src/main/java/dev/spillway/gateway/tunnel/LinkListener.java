package dev.spillway.gateway.tunnel;

import dev.spillway.wire.link.LinkNames;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/** The port that agents dial: to join, to renew, and to link. */
public final class LinkListener {
  private static final int BACKLOG = 4_096;

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Handshakes handshakes = new Handshakes();
  private final ChannelFuture bound;

  private LinkListener(ServerBootstrap server, LinkConfig config, SiteLinks links) {
    AgentTrust trust = new AgentTrust(config.authority());
    bound =
        server
            .childHandler(
                new LinkInitializer(
                    new LinkInitializer.Security(tls(config, trust), trust, handshakes),
                    config.limits(),
                    links,
                    connections))
            .bind(config.host(), config.port());
  }

  /**
   * Starts to listen; {@link #bound} says when it does.
   *
   * @param loops those of the data plane, so that attempts mostly find a connection of their own
   */
  public static LinkListener start(
      EventLoopGroup loops,
      Class<? extends ServerChannel> channel,
      LinkConfig config,
      SiteLinks links) {
    ServerBootstrap server =
        new ServerBootstrap()
            .group(loops)
            .channel(channel)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true);
    return new LinkListener(server, config, links);
  }

  /** Whether it listens, or why not. */
  public ChannelFuture bound() {
    return bound;
  }

  /** Where it listens. */
  public int port() {
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /** Takes no more agents; those that are linked stay. */
  public ChannelFuture stopListening() {
    Channel listening = bound.channel();
    return listening.close();
  }

  /** Closes every link at once. */
  public void closeLinks() {
    connections.close();
    handshakes.close();
  }

  private static SslContext tls(LinkConfig config, AgentTrust trust) {
    try {
      return SslContextBuilder.forServer(config.key(), config.certificate(), config.authority())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3")
          .trustManager(trust)
          .clientAuth(ClientAuth.OPTIONAL)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  LinkNames.PROTOCOL,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }
}
