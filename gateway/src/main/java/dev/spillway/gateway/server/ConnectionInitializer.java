package dev.spillway.gateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prepares each client's connection, unless there are too many. */
public final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final Function<EventLoop, ServerSetup> setups;
  private final ChannelGroup open;
  private final int maxConnections;
  private final @Nullable ServerCertificate certificate;

  /**
   * For one listening port.
   *
   * @param setups what each event loop's connections share
   * @param open every connection that is open
   * @param certificate null for plain HTTP
   */
  public ConnectionInitializer(
      Function<EventLoop, ServerSetup> setups,
      ChannelGroup open,
      int maxConnections,
      @Nullable ServerCertificate certificate) {
    this.setups = setups;
    this.open = open;
    this.maxConnections = maxConnections;
    this.certificate = certificate;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (open.size() >= maxConnections) {
      channel.close();
      return;
    }
    open.add(channel);
    ServerSetup setup = setups.apply(channel.eventLoop());
    if (certificate == null) {
      channel.pipeline().addLast(new PrefaceChoice(setup));
    } else {
      SslContext tls = certificate.inForce();
      channel.pipeline().addLast(tls.newHandler(channel.alloc()), new AlpnChoice(setup));
    }
  }
}
