package dev.spillway.app.sites;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.site.identity.HubTrust;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.HubMessage;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.LinkNames;
import dev.spillway.wire.link.SiteMessage;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** One connection of an agent with a certificate, on which it says what a test wants it to say. */
final class UnrulyAgent {
  private static final int LENGTH_BYTES = 4;

  private final Channel link;
  private final CompletableFuture<Channel> first = new CompletableFuture<>();
  private final List<Http2Headers> heads = new CopyOnWriteArrayList<>();
  private final List<HubMessage> heard = new CopyOnWriteArrayList<>();

  private UnrulyAgent(EventLoopGroup loops, int port, SiteIdentity identity) throws Exception {
    SslContext tls = tls(identity);
    link =
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel socket) {
                    socket
                        .pipeline()
                        .addLast(
                            tls.newHandler(socket.alloc()),
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(new Streams()));
                  }
                })
            .connect("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
    link.closeFuture()
        .addListener(closed -> first.completeExceptionally(new ClosedChannelException()));
  }

  /** Dials; it is let in by its certificate and says nothing yet. */
  static UnrulyAgent dial(TestSite hub, SiteIdentity identity) throws Exception {
    UnrulyAgent agent = dial(hub.loops, hub.port(), identity);
    hub.keep(agent::close);
    return agent;
  }

  /** Dials a hub that waits for links there. */
  static UnrulyAgent dial(EventLoopGroup loops, int port, SiteIdentity identity) throws Exception {
    return new UnrulyAgent(loops, port, identity);
  }

  static Http2Headers head(String status, String instance, String kind) {
    return new DefaultHttp2Headers()
        .status(status)
        .set(LinkHeaders.INSTANCE, instance)
        .set(LinkHeaders.KIND, kind);
  }

  /** Of an agent that serves these. */
  static SiteMessage heartbeat(List<SiteMessage.DeploymentState> deployments) {
    return new SiteMessage.Heartbeat(
        System.currentTimeMillis(),
        1,
        SiteMessage.State.SERVING,
        0,
        List.of(),
        List.of(),
        deployments);
  }

  /** The hub has let it in and asks what the connection is for. */
  void awaitQuestion() throws Exception {
    first.get(10, SECONDS);
  }

  /** Whether the hub has let it in by now. */
  boolean isAsked() {
    return first.isDone() && !first.isCompletedExceptionally();
  }

  /** Answers the stream that the hub opened first. */
  @SuppressWarnings("FutureReturnValueIgnored") // the hub may have closed it
  void say(Http2Headers head) throws Exception {
    boolean last = !head.contains(":status");
    first.get(10, SECONDS).writeAndFlush(new DefaultHttp2HeadersFrame(head, last));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the hub may have closed it
  void say(SiteMessage message) throws Exception {
    byte[] json = message.encode();
    ByteBuf frame = Unpooled.buffer(LENGTH_BYTES + json.length);
    frame.writeInt(json.length).writeBytes(json);
    first.get(10, SECONDS).writeAndFlush(new DefaultHttp2DataFrame(frame));
  }

  /** Takes nothing new, and leaves it to the hub to close. */
  @SuppressWarnings("FutureReturnValueIgnored") // the hub may have closed it
  void takesNothingNew() {
    link.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
  }

  void close() {
    link.close().syncUninterruptibly();
  }

  boolean isOpen() {
    return link.isOpen();
  }

  /** How many messages of a kind the hub sent. */
  long heard(Class<? extends HubMessage> kind) {
    return heard.stream().filter(kind::isInstance).count();
  }

  /** The heads of all streams that the hub opened, its question first. */
  List<Http2Headers> heads() {
    return heads;
  }

  private static SslContext tls(SiteIdentity identity) throws Exception {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3")
        .keyManager(identity.key(), identity.certificate())
        .trustManager(HubTrust.by(identity.authority(), Clock.systemUTC()))
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                LinkNames.PROTOCOL))
        .build();
  }

  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Unwrapping(),
              new LengthFieldBasedFrameDecoder(1 << 20, 0, LENGTH_BYTES, 0, LENGTH_BYTES),
              new Hearing());
    }
  }

  private final class Unwrapping extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2DataFrame data) {
        ctx.fireChannelRead(data.content());
        return;
      }
      if (message instanceof Http2HeadersFrame head) {
        heads.add(head.headers());
        first.complete(ctx.channel());
      }
      ReferenceCountUtil.release(message);
    }
  }

  private final class Hearing extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
      byte[] json = ByteBufUtil.getBytes((ByteBuf) message);
      ReferenceCountUtil.release(message);
      heard.add(HubMessage.decode(ByteSlice.of(json)));
    }
  }
}
