package dev.spillway.providers.page;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** Connections to engines' ports: one thread for all, and one of each kept for the next page. */
final class PageConnections {
  private static final int KEPT_SECONDS = 60;
  private static final Map<String, PageConnection> KEPT = new ConcurrentHashMap<>();
  private static final Bootstrap BOOTSTRAP =
      new Bootstrap()
          .group(
              new MultiThreadIoEventLoopGroup(
                  1,
                  Thread.ofPlatform().daemon().name("pages").factory(),
                  NioIoHandler.newFactory()))
          .channel(NioSocketChannel.class);

  private PageConnections() {}

  static void ask(PageRequest request) {
    PageConnection kept = KEPT.remove(origin(request.uri()));
    if (kept == null) {
      askAnew(request);
    } else {
      kept.ask(request);
    }
  }

  /** Over a new connection. Names are looked up by a thread of their own, for that blocks. */
  static void askAnew(PageRequest request) {
    Thread.ofVirtual().name("page").start(() -> connect(request));
  }

  /** False if there is one already. */
  static boolean keep(PageConnection connection, URI uri) {
    return KEPT.putIfAbsent(origin(uri), connection) == null;
  }

  static void forget(PageConnection connection, URI uri) {
    KEPT.remove(origin(uri), connection);
  }

  private static void connect(PageRequest request) {
    URI uri = request.uri();
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    InetSocketAddress address = new InetSocketAddress(uri.getHost(), port);
    if (address.isUnresolved()) {
      request.fail(new UnknownHostException(uri.getHost()));
      return;
    }
    int millis = Math.clamp(request.within().toMillis(), 1, Integer.MAX_VALUE);
    BOOTSTRAP
        .clone()
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (secure) {
                  SslHandler tls = Tls.CONTEXT.newHandler(channel.alloc(), uri.getHost(), port);
                  tls.setHandshakeTimeout(millis, MILLISECONDS);
                  channel.pipeline().addLast(tls);
                }
                channel
                    .pipeline()
                    .addLast(
                        new ReadTimeoutHandler(KEPT_SECONDS),
                        new HttpClientCodec(),
                        new PageConnection(channel, request));
              }
            })
        .connect(address)
        .addListener(done -> {
          if (!done.isSuccess()) {
            request.fail(done.cause());
          }
        });
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /** Made when first asked for: most engines' pages are not secret. */
  private static final class Tls {
    static final SslContext CONTEXT = context();

    private static SslContext context() {
      try {
        return SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build();
      } catch (SSLException e) {
        throw new IllegalStateException("every Java has TLS", e);
      }
    }
  }
}
