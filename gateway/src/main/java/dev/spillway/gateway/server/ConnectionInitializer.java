package dev.spillway.gateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Prepares each client's connection, unless there are too many. */
public final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final Function<EventLoop, ServerSetup> setups;
  private final ChannelGroup open;
  private final int maxConnections;
  private final @Nullable Supplier<SslContext> tls;

  /**
   * For one listening port.
   *
   * @param setups what each event loop's connections share
   * @param open every connection that is open
   * @param tls what a connection that begins now is to use; null for plain HTTP
   */
  public ConnectionInitializer(
      Function<EventLoop, ServerSetup> setups,
      ChannelGroup open,
      int maxConnections,
      @Nullable Supplier<SslContext> tls) {
    this.setups = setups;
    this.open = open;
    this.maxConnections = maxConnections;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (open.size() >= maxConnections) {
      channel.close();
      return;
    }
    open.add(channel);
    ServerSetup setup = setups.apply(channel.eventLoop());
    if (tls == null) {
      channel.pipeline().addLast(new PrefaceChoice(setup));
    } else {
      channel.pipeline().addLast(tls.get().newHandler(channel.alloc()), new AlpnChoice(setup));
    }
  }
}
