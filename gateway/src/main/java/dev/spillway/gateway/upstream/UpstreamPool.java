package dev.spillway.gateway.upstream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.gateway.timing.LoopClock;
import dev.spillway.gateway.timing.PassEnd;
import dev.spillway.gateway.upstream.Endpoint.Security;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to deployments.
 *
 * <p>An attempt takes the connection that was used last, so that the others grow old and are
 * closed: before the engines do it, the shortest of whose own limits is 5 s (SGLang's server). One
 * that has served, and dies as soon as the next request is sent, before a byte came, was stale: the
 * attempt is made once more on a fresh one, and nobody is blamed. {@link WarmConnections} sees to
 * it that the first attempt finds one.
 *
 * <p>Event loop only, but for {@link #start}.
 */
public final class UpstreamPool implements Upstreams {
  private static final int CONNECT_WITHIN_MILLIS = 2_000;

  /** Whoever does not read has no use for the end of TLS, which waits behind the rest. */
  private static final int END_TLS_WITHIN_MILLIS = 50;

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final int CLOSE_EVERY_MILLIS = 2;

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Supplier<SslContext> tls;
  private final PassEnd passEnd;
  private final LoopClock clock;
  private final Map<Endpoint, IdleConnections> idle = new HashMap<>();
  private boolean closing;

  /**
   * An empty pool.
   *
   * @param tls made on first use: most hubs have partners without it in their tests only
   * @param passEnd of the loop
   * @param clock of the loop
   */
  public UpstreamPool(
      EventLoop loop,
      Class<? extends Channel> channel,
      AddressResolverGroup<InetSocketAddress> resolver,
      Supplier<SslContext> tls,
      PassEnd passEnd,
      LoopClock clock) {
    this.loop = loop;
    this.tls = tls;
    this.passEnd = passEnd;
    this.clock = clock;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channel)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MILLIS);
  }

  /**
   * Begins to close what has been idle for too long, and to keep a connection open to each
   * deployment; any thread, once.
   *
   * @param deployments those in force, asked again and again
   */
  public void start(Supplier<List<Upstream>> deployments) {
    WarmConnections warm = new WarmConnections(this, deployments);
    long every = LOOK_EVERY.toMillis();
    loop.scheduleAtFixedRate(() -> look(warm), 0, every, MILLISECONDS);
  }

  @Override
  public Attempt open(Upstream to, AttemptRequest request, Answer answer) {
    PooledAttempt attempt = new PooledAttempt(this, to, request, answer);
    UpstreamConnection ready = idle(to.endpoint()).take();
    if (ready == null) {
      // To connect can fail at once, and the caller has nothing to hold yet.
      loop.execute(attempt::startAnew);
    } else {
      attempt.startOver(ready);
    }
    return attempt;
  }

  void giveBack(UpstreamConnection connection) {
    connection.becomeIdle(now());
    idle(connection.endpoint()).add(connection);
  }

  /** An idle connection was closed. */
  void lost(UpstreamConnection connection) {
    idle(connection.endpoint()).remove(connection);
  }

  boolean hasIdle(Endpoint endpoint) {
    return !idle(endpoint).isEmpty();
  }

  /** Opens a connection that waits for an attempt, if it can be had. */
  void warm(Endpoint endpoint) {
    UpstreamConnection connection = new UpstreamConnection(this, endpoint);
    open(connection)
        .addListener(done -> {
          if (done.isSuccess() && connection.isUsable()) {
            giveBack(connection);
          }
        });
  }

  void connect(PooledAttempt attempt) {
    UpstreamConnection connection = new UpstreamConnection(this, attempt.endpoint());
    ChannelFuture connecting = open(connection);
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

  /** Runs it at the end of the loop's pass. */
  void atPassEnd(Runnable what) {
    passEnd.run(what);
  }

  LoopClock clock() {
    return clock;
  }

  long now() {
    return clock.getAsLong();
  }

  private void look(WarmConnections warm) {
    if (!closing) {
      closeOld();
    }
    warm.look(now());
  }

  /** After thousands of streams thousands are old at once: a few at a time are closed. */
  private void closeOld() {
    closing = false;
    long now = now();
    for (IdleConnections each : idle.values()) {
      closing |= each.closeOld(now);
    }
    idle.values().removeIf(IdleConnections::isEmpty);
    if (closing) {
      loop.schedule(this::closeOld, CLOSE_EVERY_MILLIS, MILLISECONDS);
    }
  }

  private IdleConnections idle(Endpoint endpoint) {
    return idle.computeIfAbsent(endpoint, any -> new IdleConnections());
  }

  private ChannelFuture open(UpstreamConnection connection) {
    Endpoint to = connection.endpoint();
    return bootstrap.clone().handler(initializer(connection)).connect(to.host(), to.port());
  }

  private ChannelInitializer<SocketChannel> initializer(UpstreamConnection connection) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel.config().setRecvByteBufAllocator(connection.reads());
        Endpoint to = connection.endpoint();
        if (to.security() == Security.TLS) {
          SslHandler secure = tls.get().newHandler(channel.alloc(), to.host(), to.port());
          secure.setHandshakeTimeoutMillis(CONNECT_WITHIN_MILLIS);
          secure.setCloseNotifyFlushTimeoutMillis(END_TLS_WITHIN_MILLIS);
          channel.pipeline().addLast(secure);
        }
        channel.pipeline().addLast(connection);
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
