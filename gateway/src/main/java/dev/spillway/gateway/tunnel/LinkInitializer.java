package dev.spillway.gateway.tunnel;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.gateway.telemetry.FewWarnings;
import dev.spillway.link.LinkFlush;
import dev.spillway.link.SocketTuning;
import dev.spillway.wire.link.LinkNames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * What becomes of a connection to the port for links: whoever speaks the link's protocol and shows
 * an agent's certificate is linked, and the hub is the client from then on; anybody else may ask to
 * join or to renew, and nothing else.
 */
final class LinkInitializer extends ChannelInitializer<SocketChannel> {
  /** Long: a thousand agents may have come just before. */
  private static final int HANDSHAKE_WITHIN_SECONDS = 30;

  private static final int ENROLMENTS_AT_ONCE = 16;
  private static final int LONGEST_REQUEST = 64 << 10;
  private static final long CLOSE_NOTIFY_MILLIS = 100;

  private final SslContext tls;
  private final AgentTrust trust;
  private final Handshakes handshakes;
  private final LinkConfig.Limits limits;
  private final Strangers strangers;
  private final SiteLinks links;
  private final ChannelGroup connections;
  private final FewWarnings warnings = new FewWarnings(System::nanoTime, "those not linked");
  private final LinkPlaces places = new LinkPlaces();
  private final Semaphore enrolmentsAtOnce = new Semaphore(ENROLMENTS_AT_ONCE);

  /** How it is known who is at the other end. */
  record Security(SslContext tls, AgentTrust trust, Handshakes handshakes) {}

  LinkInitializer(
      Security security, LinkConfig.Limits limits, SiteLinks links, ChannelGroup connections) {
    this.tls = security.tls();
    this.trust = security.trust();
    this.handshakes = security.handshakes();
    this.limits = limits;
    this.strangers = new Strangers(limits.strangers());
    this.links = links;
    this.connections = connections;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    if (!strangers.takePlace(channel.pipeline())) {
      turnedAway(
          channel,
          strangers.most() + " others have shown no agent's certificate, the most there may be");
      channel.close();
      return;
    }
    connections.add(channel);
    SocketTuning.apply(channel);
    SslHandler handler = tls.newHandler(channel.alloc(), handshakes.of(channel));
    handler.setHandshakeTimeout(HANDSHAKE_WITHIN_SECONDS, SECONDS);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
    channel.pipeline().addLast(handler, new ByProtocol(), new LastResort());
  }

  private void link(ChannelHandlerContext ctx) {
    ChannelPipeline pipeline = ctx.pipeline();
    try {
      SslHandler handler = pipeline.get(SslHandler.class);
      AgentTrust.Agent agent = trust.agentOf(handler.engine().getSession());
      Http2FrameCodec codec =
          Http2FrameCodecBuilder.forClient()
              .initialSettings(
                  new Http2Settings()
                      .pushEnabled(false)
                      .initialWindowSize(StreamWindow.FIRST)
                      .maxHeaderListSize(LinkHead.MOST_BYTES))
              .build();
      if (!links.owner().admits(agent.site(), agent.keyId())) {
        pipeline.addLast(codec);
        Dismissal.of(ctx.channel());
        throw new CertificateException(
            "an agent of " + agent.site() + " that was revoked, or never let in");
      }
      if (!places.take(agent, ctx.channel())) {
        throw new CertificateException(
            "an agent of " + agent.site() + " that has " + LinkPlaces.MOST + " links already");
      }
      Tunnel.LastRead lastRead = new Tunnel.LastRead();
      Tunnel tunnel = new Tunnel(links, agent, lastRead, codec, ctx.channel());
      pipeline.addLast(
          lastRead,
          new LinkFlush(),
          codec,
          new Http2MultiplexHandler(new NoStreamFromThere()),
          tunnel);
      strangers.leavePlace(pipeline);
      after(limits.identifiedWithin(), ctx.channel(), tunnel::mustBeIdentified);
    } catch (CertificateException e) {
      turnedAway(ctx.channel(), String.valueOf(e.getMessage()));
      ctx.close();
    }
  }

  /** Whoever sends a byte now and then would have all the time there is, but for the deadline. */
  private void enrolment(ChannelHandlerContext ctx) {
    ctx.pipeline()
        .addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(LONGEST_REQUEST),
            new EnrolmentHandler(links.owner(), enrolmentsAtOnce));
    after(limits.enrolledWithin(), ctx.channel(), ctx.channel()::close);
  }

  private void turnedAway(Channel connection, String why) {
    warnings.tell("{0} is not linked: {1}", connection.remoteAddress(), why);
  }

  /** Unless it is closed by then. */
  private static void after(Duration time, Channel connection, Runnable step) {
    Future<?> due = connection.eventLoop().schedule(step, time.toNanos(), NANOSECONDS);
    connection.closeFuture().addListener(closed -> due.cancel(false));
  }

  private final class ByProtocol extends ApplicationProtocolNegotiationHandler {
    ByProtocol() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      ctx.pipeline().remove(LastResort.class);
      if (protocol.equals(LinkNames.PROTOCOL)) {
        link(ctx);
      } else {
        enrolment(ctx);
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      turnedAway(ctx.channel(), String.valueOf(cause.getMessage()));
      ctx.close();
    }
  }

  /** What fails before anybody knows what the connection is for. */
  private static final class LastResort extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** The hub opens streams, an agent never. */
  @Sharable
  private static final class NoStreamFromThere extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.close();
    }
  }
}
