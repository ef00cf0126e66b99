package dev.spillway.site.engine;

import dev.spillway.site.prefix.PromptPrefix;
import dev.spillway.site.prefix.PromptReader;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to engines, and how it reads prompts; that loop only.
 *
 * <p>One that was idle, and dies as soon as a call is made on it and before a byte of an answer
 * came, was stale: the call is made once more on a fresh one. Idle ones are closed before engines
 * do it.
 */
public final class EnginePool {
  static final Duration IDLE_LIMIT = Duration.ofSeconds(4);
  private static final int CONNECT_WITHIN_MILLIS = 2_000;

  /**
   * What the kernel holds of one answer that is not read on, instead of as much as an engine could
   * send before that: over a megabyte each, by which a thousand slow clients took the memory that
   * all of the machine's connections share. Engines are near: 64 MB/s over a round trip of 1 ms.
   */
  private static final int UNREAD_BYTES = 64 << 10;

  private final Bootstrap bootstrap;
  private final Map<EngineAddress, Deque<EngineConnection>> idle = new HashMap<>();
  private final PromptReader prompts = new PromptReader();

  /** An empty pool. */
  public EnginePool(
      EventLoop loop,
      Class<? extends Channel> channel,
      AddressResolverGroup<InetSocketAddress> resolver) {
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channel)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_RCVBUF, UNREAD_BYTES)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MILLIS);
  }

  /** What a body's prompt begins with; the body is left as it is. */
  public PromptPrefix prefix(ByteBuf body, long salt) {
    return prompts.read(body, salt);
  }

  @Nullable EngineConnection takeIdle(EngineAddress address) {
    Deque<EngineConnection> connections = idle.get(address);
    while (connections != null && !connections.isEmpty()) {
      EngineConnection connection = connections.removeLast();
      if (connection.isUsable()) {
        return connection;
      }
    }
    return null;
  }

  void giveBack(EngineConnection connection) {
    idle.computeIfAbsent(connection.address(), any -> new ArrayDeque<>()).addLast(connection);
  }

  void forget(EngineConnection connection) {
    Deque<EngineConnection> connections = idle.get(connection.address());
    if (connections != null) {
      connections.remove(connection);
    }
  }

  void connect(EngineCall call) {
    EngineAddress address = call.address();
    EngineConnection connection = new EngineConnection(this, address);
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpRequestEncoder(), new HttpResponseDecoder(), connection);
                  }
                })
            .connect(address.host(), address.port());
    call.connecting(connecting.channel());
    connecting.addListener(done -> {
      if (done.isSuccess()) {
        call.connected(connection);
      } else {
        call.notConnected();
      }
    });
  }
}
