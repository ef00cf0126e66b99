package dev.spillway.gateway.tunnel;

import dev.spillway.gateway.telemetry.FewWarnings;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.HubMessage;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first stream of every connection: its answer says what the connection is for, and on the
 * control connection it stays open, with messages in both directions (four bytes of length, then
 * JSON).
 */
final class ControlStream extends ChannelInboundHandlerAdapter {
  /** A thousand engines, or fifty deployments with all the names that are passed on. */
  private static final int LONGEST_MESSAGE = 256 << 10;

  private static final int LENGTH_BYTES = 4;

  /**
   * How soon an agent gets another bundle that goes on without: the first may have been refused.
   */
  private static final long BUNDLE_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

  /** It is written into logs and metrics. */
  private static final Pattern INSTANCE = Pattern.compile("[0-9a-f]{1,64}");

  private final Tunnel tunnel;
  private final SiteLinks links;
  private final Channel channel;
  private final MessageAllowance allowance;
  private @Nullable AgentLinks agent;

  /** One connection is of one agent: heads could be repeated without end, each under a new name. */
  private boolean identified;

  /** It was told all that was said while it was not there: whoever else is of its agent. */
  private boolean greeted;

  private long bundleSentNanos;

  private ControlStream(Tunnel tunnel, SiteLinks links, Channel channel) {
    this.tunnel = tunnel;
    this.links = links;
    this.channel = channel;
    this.allowance = new MessageAllowance(links.nanos());
  }

  /** Opens it; the connection's loop only. */
  static void open(Tunnel tunnel, SiteLinks links) {
    new Http2StreamChannelBootstrap(tunnel.channel())
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                stream
                    .pipeline()
                    .addLast(
                        new Unwrapping(),
                        new LengthFieldBasedFrameDecoder(
                            LONGEST_MESSAGE, 0, LENGTH_BYTES, 0, LENGTH_BYTES),
                        new ControlStream(tunnel, links, stream));
              }
            })
        .open();
  }

  /** Sends a policy bundle; any thread. */
  void send(SignedBundle bundle) {
    write(new HubMessage.NewBundle(bundle));
  }

  /** Says which replicas of the hub there are; any thread. */
  void announce(List<HubAddress> replicas) {
    write(new HubMessage.Replicas(replicas));
  }

  /** Says that the hub is about to stop; any thread. */
  void drain(Duration within) {
    write(new HubMessage.HubDrains(within.toMillis()));
  }

  /** Whether its connection was closed because nothing came; its loop only. */
  boolean fellSilent() {
    return tunnel.fellSilent();
  }

  /** Its agent has another by now; any thread. */
  void giveWay() {
    tunnel.loop().execute(tunnel::close);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    var headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("https")
            .authority("site")
            .path(LinkHeaders.CONTROL_PATH)
            .set(LinkHeaders.HUB, links.instance());
    ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws MalformedMessage {
    try {
      if (message instanceof Http2HeadersFrame head) {
        identified(head);
      } else if (message instanceof ByteBuf bytes && agent != null) {
        if (!allowance.takes(links.nanos())) {
          throw new MalformedMessage("more messages than an agent has to send");
        }
        heard(agent, SiteMessage.decode(ByteSlice.of(ByteBufUtil.getBytes(bytes))));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (agent != null) {
      links.left(agent, its -> its.controlLeft(this));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    links
        .warnings()
        .tell(
            "{0}: its control connection said what it should not: {1}",
            tunnel.agent().site(), FewWarnings.printable(String.valueOf(cause.getMessage())));
    tunnel.close();
  }

  private void identified(Http2HeadersFrame head) throws MalformedMessage {
    CharSequence instance = head.headers().get(LinkHeaders.INSTANCE);
    CharSequence kind = head.headers().get(LinkHeaders.KIND);
    if (instance == null || kind == null || identified) {
      throw new MalformedMessage("a link that does not say, once, what it is");
    }
    if (!INSTANCE.matcher(instance).matches()) {
      throw new MalformedMessage(
          LinkHeaders.INSTANCE
              + " of "
              + instance.length()
              + " characters (expected: hex, 1 to 64)");
    }
    identified = true;
    agent = tunnel.identified(instance.toString(), kind.toString(), this);
  }

  private void heard(AgentLinks from, SiteMessage message) {
    switch (message) {
      case SiteMessage.Heartbeat heartbeat -> {
        links.heard(from, heartbeat);
        if (!greeted) {
          greeted = true;
          announce(links.replicas());
          sendBundle(from);
        } else if (heartbeat.bundleVersion() == 0
            && links.nanos() - bundleSentNanos >= BUNDLE_AGAIN_NANOS) {
          sendBundle(from);
        }
      }
      case SiteMessage.BundleJudged(long version, var problem) -> {
        if (!problem.isEmpty()) {
          links.bundleRefused();
          links
              .warnings()
              .tell(
                  "{0} refused policy bundle {1}: {2}",
                  from.agent().site(), Long.toString(version), FewWarnings.printable(problem));
        }
      }
    }
  }

  private void sendBundle(AgentLinks to) {
    bundleSentNanos = links.nanos();
    links.sendBundle(to);
  }

  private void write(HubMessage message) {
    byte[] json = message.encode();
    ByteBuf frame = channel.alloc().buffer(LENGTH_BYTES + json.length);
    frame.writeInt(json.length).writeBytes(json);
    channel.writeAndFlush(new DefaultHttp2DataFrame(frame));
  }

  /** Frames of data become bytes. */
  private static final class Unwrapping extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2DataFrame data) {
        ctx.fireChannelRead(data.content());
      } else {
        ctx.fireChannelRead(message);
      }
    }
  }
}
