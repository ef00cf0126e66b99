package dev.spillway.site.identity;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.site.proxy.ProxyTunnel;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.HubAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request to a hub, over a connection of its own: through the proxy, if there is one, by the
 * same way as links.
 *
 * <p>Not the JDK's client: its time limit ends with the head of an answer, and it logs in to no
 * proxy unless a property of the whole process says so.
 */
final class HubRequest extends SimpleChannelInboundHandler<FullHttpResponse> {
  private static final int LONGEST_ANSWER = 64 << 10;
  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("enrolment").factory();

  private final HubAddress hub;
  private final String path;
  private final byte[] json;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  /** What came back, whatever it is worth. */
  record Answer(int status, ByteSlice body) {}

  /** By which way hubs are asked, how they are known, and how long one may take in all. */
  record Way(@Nullable HttpProxy proxy, HubTrust trust, Duration within) {}

  private HubRequest(HubAddress hub, String path, byte[] json) {
    this.hub = hub;
    this.path = path;
    this.json = json;
  }

  /**
   * Sends JSON by POST and waits for the answer.
   *
   * @throws IOException if there is none in time; its message says why
   * @throws InterruptedException if the calling thread was interrupted
   */
  static Answer post(HubAddress hub, String path, byte[] json, Way way)
      throws IOException, InterruptedException {
    HubRequest asked = new HubRequest(hub, path, json);
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, THREADS, NioIoHandler.newFactory());
    try {
      asked.send(loop, way);
      return asked.answer.get(way.within().toMillis(), MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it did not answer within " + way.within().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(LinkProblem.words(e.getCause()), e);
    } finally {
      loop.shutdownGracefully(0, 0, MILLISECONDS); // closes the connection; nobody waits for it
    }
  }

  private void send(EventLoopGroup loop, Way way) {
    InetSocketAddress address = InetSocketAddress.createUnresolved(hub.host(), hub.port());
    HttpProxy proxy = way.proxy();
    SslContext tls = tls(way.trust());
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(way.within().toMillis()))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                ChannelHandler first =
                    proxy == null
                        ? secure(channel, tls, way.within())
                        : new ProxyTunnel(proxy, address, () -> secure(channel, tls, way.within()));
                channel
                    .pipeline()
                    .addLast(
                        first,
                        new HttpClientCodec(),
                        new HttpObjectAggregator(LONGEST_ANSWER),
                        HubRequest.this);
              }
            })
        .connect(proxy == null ? address : proxy.address())
        .addListener(done -> {
          if (!done.isSuccess()) {
            answer.completeExceptionally(done.cause());
          }
        });
  }

  private SslHandler secure(Channel channel, SslContext tls, Duration within) {
    SslHandler handler = tls.newHandler(channel.alloc(), hub.host(), hub.port());
    handler.setHandshakeTimeout(within.toMillis(), MILLISECONDS);
    return handler;
  }

  /** Nothing is said to a hub before it is known to be one. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        ctx.writeAndFlush(request());
      } else {
        answer.completeExceptionally(handshake.cause());
      }
    }
  }

  private FullHttpRequest request() {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.wrappedBuffer(json));
    request
        .headers()
        .set(HttpHeaderNames.HOST, hub.toString())
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    HttpUtil.setContentLength(request, json.length);
    return request;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    answer.complete(
        new Answer(
            response.status().code(), ByteSlice.of(ByteBufUtil.getBytes(response.content()))));
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    answer.completeExceptionally(cause);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    answer.completeExceptionally(new IOException("it closed the connection and answered nothing"));
  }

  private static SslContext tls(HubTrust trust) {
    try {
      return SslContextBuilder.forClient()
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3")
          .trustManager(trust)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("every Java has TLS 1.3", e);
    }
  }
}
