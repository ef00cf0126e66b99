package dev.spillway.site.tunnel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.HubMessage;
import dev.spillway.wire.link.LinkHeaders;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages with one hub, on the first stream of the control connection: a heartbeat every
 * second there, policy bundles here. One event loop.
 */
final class AgentControl extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = System.getLogger(AgentControl.class.getName());
  private static final int LONGEST_MESSAGE = 1 << 20;
  private static final int LENGTH_BYTES = 4;
  private static final long EVERY_MILLIS = 1_000;

  private final LinkSetup setup;
  private final HubLinks hub;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> beat;

  AgentControl(LinkSetup setup, HubLinks hub) {
    this.setup = setup;
    this.hub = hub;
  }

  /**
   * Answers the first stream of a connection.
   *
   * @param messages takes its messages; null on a connection for requests, where there are none
   */
  static void answer(ChannelHandlerContext ctx, String instance, @Nullable AgentControl messages) {
    Http2Headers head =
        new DefaultHttp2Headers()
            .status("200")
            .set(LinkHeaders.INSTANCE, instance)
            .set(LinkHeaders.KIND, messages == null ? LinkHeaders.DATA : LinkHeaders.CONTROL);
    ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head, messages == null));
    if (messages != null) {
      ctx.pipeline()
          .addLast(
              new Unwrapping(),
              new LengthFieldBasedFrameDecoder(LONGEST_MESSAGE, 0, LENGTH_BYTES, 0, LENGTH_BYTES),
              messages);
    }
  }

  /** Says how this agent is. */
  void heartbeat() {
    write(setup.heartbeat().get());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    beat = ctx.executor().scheduleAtFixedRate(this::heartbeat, 0, EVERY_MILLIS, MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws MalformedMessage {
    try {
      if (message instanceof ByteBuf bytes) {
        switch (HubMessage.decode(ByteSlice.of(ByteBufUtil.getBytes(bytes)))) {
          case HubMessage.NewBundle(SignedBundle bundle) -> judge(bundle);
          case HubMessage.Replicas(List<HubAddress> all) -> hub.announced(all);
          case HubMessage.Unknown _ -> {}
          case HubMessage.HubDrains _ -> LOG.log(Level.INFO, "the hub is about to stop");
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (beat != null) {
      beat.cancel(false);
    }
    ctx.channel().parent().close(); // a control connection without control is none
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(Level.WARNING, "the hub said what it should not", cause);
    ctx.channel().parent().close();
  }

  private void judge(SignedBundle bundle) {
    String problem = setup.bundles().apply(bundle);
    if (!problem.isEmpty()) {
      LOG.log(Level.WARNING, "policy bundle refused: {0}", problem);
    }
    write(new SiteMessage.BundleJudged(setup.service().guard().bundleVersion(), problem));
    heartbeat();
  }

  private void write(SiteMessage message) {
    if (context != null && context.channel().isActive()) {
      byte[] json = message.encode();
      ByteBuf frame = context.alloc().buffer(LENGTH_BYTES + json.length);
      frame.writeInt(json.length).writeBytes(json);
      context.writeAndFlush(new DefaultHttp2DataFrame(frame));
    }
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
