package dev.spillway.site.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.link.LinkFlush;
import dev.spillway.link.SocketTuning;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.identity.LinkProblem;
import dev.spillway.site.proxy.ProxyTunnel;
import dev.spillway.site.relay.RelayedRequest;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.LinkNames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection that this agent dialled: TLS, then HTTP/2 with the hub as the client.
 *
 * <p>The hub pings every second; four seconds without a byte from it mean that the connection is
 * dead, whatever TCP believes.
 */
final class DialledLink extends ChannelInboundHandlerAdapter {
  private static final int SILENT_SECONDS = 4;

  /** Long: at a hub that a thousand agents dial at once, whoever gives up early begins anew. */
  private static final int HANDSHAKE_WITHIN_SECONDS = 20;

  private static final long CLOSE_NOTIFY_MILLIS = 100;
  private static final int STREAM_WINDOW = 1 << 20;
  private static final int CONNECTION_WINDOW = 16 << 20;
  private static final int MOST_STREAMS = 1_024;
  private static final long GOODBYE = 0;
  private static final int LONGEST_HEAD = 32 << 10;

  private final LinkSetup setup;
  private final Kind kind;
  private final HubLinks hub;
  private final AtomicInteger streams = new AtomicInteger();
  private @Nullable Channel channel;
  private @Nullable AgentControl control;
  private boolean linked;
  private boolean leaving;
  private boolean ended;
  private long linkedNanos;
  private String problem = "the hub closed the link";

  /** What a connection is for. */
  enum Kind {
    /** Messages. */
    CONTROL,
    /** Requests. */
    DATA
  }

  DialledLink(LinkSetup setup, Kind kind, HubLinks hub) {
    this.setup = setup;
    this.kind = kind;
    this.hub = hub;
  }

  Kind kind() {
    return kind;
  }

  int streams() {
    return streams.get();
  }

  ChannelInitializer<SocketChannel> initializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel socket) {
        channel = socket;
        ChannelHandler first =
            setup.proxy() == null
                ? secure(socket)
                : new ProxyTunnel(setup.proxy(), hub.address(), () -> secure(socket));
        socket.pipeline().addLast(first, DialledLink.this);
      }
    };
  }

  /** A session with the same hub is resumed if there is one, which saves both ends signatures. */
  private SslHandler secure(SocketChannel socket) {
    InetSocketAddress address = hub.address();
    SslHandler tls =
        setup
            .tls()
            .get()
            .newHandler(
                socket.alloc(), address.getHostString(), address.getPort(), setup.handshakes());
    tls.setHandshakeTimeout(HANDSHAKE_WITHIN_SECONDS, SECONDS);
    tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
    return tls;
  }

  /** The dial failed. */
  void failed(@Nullable Throwable cause) {
    problem = LinkProblem.words(cause);
    end();
  }

  /** Any thread. */
  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  /**
   * Takes no new stream, and closes once the hub has all that was sent before, which a ping behind
   * it shows; or after a while. Closed without that, what is on its way is lost as soon as anything
   * comes from the hub. Any thread.
   *
   * @return done when it is closed
   */
  Future<Void> leave(long withinMillis) {
    Channel link = Objects.requireNonNull(channel, "not up yet");
    link.eventLoop()
        .execute(() -> {
          if (!leaving) {
            leaving = true;
            link.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            link.writeAndFlush(new DefaultHttp2PingFrame(GOODBYE));
            Future<?> limit =
                link.eventLoop().schedule(() -> link.close(), withinMillis, MILLISECONDS);
            link.closeFuture().addListener(closed -> limit.cancel(false));
          }
        });
    return link.closeFuture();
  }

  /** Sends a heartbeat now, if it is up; any thread, control connection only. */
  void sayHowWeAre() {
    if (channel != null && channel.isActive() && control != null) {
      channel.eventLoop().execute(control::heartbeat);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof SocketChannel socket) {
      SocketTuning.apply(socket); // once connected: what a route says holds until then
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2GoAwayFrame end
        && end.content().toString(US_ASCII).equals(LinkNames.REVOKED)) {
      problem = LinkProblem.REVOKED;
    } else if (message instanceof Http2PingFrame ping && ping.ack()) {
      ctx.close(); // the only one that is sent says goodbye
    }
    ReferenceCountUtil.release(message); // settings, the hub's pings: nothing to do
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      problem = "nothing came from the hub for " + SILENT_SECONDS + " s";
      ctx.close();
    } else if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        speak(ctx);
      } else {
        problem = LinkProblem.words(handshake.cause());
        ctx.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    problem = LinkProblem.words(cause);
    ctx.close();
  }

  /** HTTP/2, not before TLS is up: its codec writes as soon as it is there. */
  private void speak(ChannelHandlerContext ctx) {
    ctx.pipeline().addFirst(new IdleStateHandler(SILENT_SECONDS, 0, 0));
    ctx.pipeline()
        .addBefore(ctx.name(), null, new LinkFlush())
        .addBefore(ctx.name(), null, codec())
        .addBefore(ctx.name(), null, new Http2MultiplexHandler(new Streams()));
    ctx.writeAndFlush(
        new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
  }

  /**
   * Resets are not counted (200 in 30 s would end the connection, with every answer on it): the
   * only peer is the hub, which is known, and resets a stream for each client that leaves. The
   * longest head is said, so that a hub sends none that would end the connection as well: sealed
   * facts and an id of a response are in it, and grow.
   */
  private static Http2FrameCodec codec() {
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(
            new Http2Settings()
                .initialWindowSize(STREAM_WINDOW)
                .maxConcurrentStreams(MOST_STREAMS)
                .maxHeaderListSize(LONGEST_HEAD))
        .decoderEnforceMaxRstFramesPerWindow(0, 0)
        .encoderEnforceMaxRstFramesPerWindow(0, 0)
        .build();
  }

  /** The hub has taken the connection. */
  private void linked(@Nullable AgentControl messages) {
    linked = true;
    linkedNanos = System.nanoTime();
    control = messages;
    hub.linked(this);
  }

  private void end() {
    if (!ended) {
      ended = true;
      hub.ended(this, linked ? System.nanoTime() - linkedNanos : 0, problem);
    }
  }

  /** What each stream that the hub opens is given to. */
  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new ByPath());
    }
  }

  /** Decides once, by the head, and passes everything on afterwards. */
  private final class ByPath extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2HeadersFrame head && ctx.pipeline().last().equals(this)) {
        if (LinkHeaders.CONTROL_PATH.contentEquals(orEmpty(head.headers().path()))) {
          opened(ctx, head.headers().get(LinkHeaders.HUB));
        } else {
          streams.incrementAndGet();
          ctx.channel().closeFuture().addListener(done -> streams.decrementAndGet());
          EnginePool engines = setup.enginesOf(ctx.channel());
          ctx.pipeline().addLast(new RelayedRequest(setup.service(), engines));
        }
      }
      ctx.fireChannelRead(message);
    }

    private void opened(ChannelHandlerContext ctx, @Nullable CharSequence running) {
      if (kind == Kind.CONTROL && !hub.claims(running == null ? null : running.toString())) {
        problem = "this hub is linked by another of its names";
        ctx.channel().parent().close(); // before it knows which agent this is
        return;
      }
      AgentControl messages = kind == Kind.CONTROL ? new AgentControl(setup, hub) : null;
      AgentControl.answer(ctx, setup.instance(), messages);
      linked(messages);
    }

    private static CharSequence orEmpty(@Nullable CharSequence text) {
      return text == null ? "" : text;
    }
  }
}
