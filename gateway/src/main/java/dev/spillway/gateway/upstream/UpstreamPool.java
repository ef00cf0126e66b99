package dev.spillway.gateway.upstream;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.upstream.Endpoint.Security;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to deployments.
 *
 * <p>An attempt takes the connection that was used last, so that the others grow old and are
 * closed: before the engines do it, the shortest of whose own limits is 5 s (SGLang's server). One
 * that dies before a byte of an answer came, having been idle, was stale: the attempt is made once
 * more on a fresh one, and nobody is blamed.
 *
 * <p>Event loop only.
 */
public final class UpstreamPool implements Upstreams {
  static final Duration IDLE_LIMIT = Duration.ofSeconds(4);
  private static final int CONNECT_WITHIN_MILLIS = 2_000;

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Supplier<SslContext> tls;
  private final Map<Endpoint, Deque<UpstreamConnection>> idle = new HashMap<>();

  /**
   * An empty pool.
   *
   * @param tls made on first use: most hubs have partners without it in their tests only
   */
  public UpstreamPool(
      EventLoop loop,
      Class<? extends Channel> channel,
      AddressResolverGroup<InetSocketAddress> resolver,
      Supplier<SslContext> tls) {
    this.loop = loop;
    this.tls = tls;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channel)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MILLIS);
  }

  @Override
  public Attempt open(Upstream to, AttemptRequest request, Answer answer) {
    PooledAttempt attempt = new PooledAttempt(this, to, request, answer);
    loop.execute(attempt::start);
    return attempt;
  }

  @Nullable UpstreamConnection takeIdle(Endpoint endpoint) {
    Deque<UpstreamConnection> connections = idle.get(endpoint);
    while (connections != null && !connections.isEmpty()) {
      UpstreamConnection connection = connections.removeLast();
      if (connection.isUsable()) {
        return connection;
      }
    }
    return null;
  }

  void giveBack(UpstreamConnection connection) {
    idle.computeIfAbsent(connection.endpoint(), any -> new ArrayDeque<>()).addLast(connection);
  }

  void forget(UpstreamConnection connection) {
    Deque<UpstreamConnection> connections = idle.get(connection.endpoint());
    if (connections != null) {
      connections.remove(connection);
    }
  }

  void connect(PooledAttempt attempt) {
    Endpoint endpoint = attempt.endpoint();
    StrictResponseDecoder decoder = new StrictResponseDecoder();
    UpstreamConnection connection = new UpstreamConnection(this, endpoint, decoder);
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(initializer(endpoint, decoder, connection))
            .connect(endpoint.host(), endpoint.port());
    attempt.connecting(connecting.channel());
    connecting.addListener(done -> {
      if (done.isSuccess()) {
        attempt.connected(connection);
      } else {
        attempt.unreachable(reason(done.cause()));
      }
    });
  }

  static AttemptFailure failure(AttemptFailure.Kind kind, Upstream at, String what) {
    return new AttemptFailure(kind, at.deployment() + " at " + at.endpoint() + " " + what, null);
  }

  private ChannelInitializer<SocketChannel> initializer(
      Endpoint endpoint, StrictResponseDecoder decoder, UpstreamConnection connection) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        if (endpoint.security() == Security.TLS) {
          channel
              .pipeline()
              .addLast(tls.get().newHandler(channel.alloc(), endpoint.host(), endpoint.port()));
        }
        channel.pipeline().addLast(new HttpRequestEncoder(), decoder, connection);
      }
    };
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "could not be reached" : "could not be reached: " + message(cause);
  }

  private static String message(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
