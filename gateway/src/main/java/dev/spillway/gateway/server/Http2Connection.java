package dev.spillway.gateway.server;

import dev.spillway.gateway.auth.LastKey;
import dev.spillway.gateway.timing.TimeLimit;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection of HTTP/2: how long it stays, and how it goes. Its streams do the rest.
 *
 * <p>Event loop only.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
  /** How many requests a client may have under way. */
  static final int MOST_STREAMS = 128;

  /** What all uploads together may have on their way. */
  private static final int WINDOW_BYTES = 1 << 20;

  /** Settings and pings: each costs the client as little as us, but is answered. */
  private static final int MOST_CONTROL_FRAMES = 2_000;

  private static final long CONTROL_FRAMES_WITHIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final ServerSetup setup;
  private final Http2FrameCodec codec;
  private final LastKey lastKey = new LastKey();
  private final Set<Http2Stream> streams = Collections.newSetFromMap(new IdentityHashMap<>());

  private @Nullable ChannelHandlerContext context;
  private @Nullable TimeLimit idle;
  private Goodbye goodbye = Goodbye.NONE;
  private int refusing;
  private int controlFrames;
  private long controlFramesSinceNanos;

  Http2Connection(ServerSetup setup, Http2FrameCodec codec) {
    this.setup = setup;
    this.codec = codec;
  }

  /** How far it told the client to go. */
  private enum Goodbye {
    NONE,
    /** No more requests; those on their way are still answered, if only with a refusal. */
    ANNOUNCED,
    /** Nothing that comes now is looked at. */
    FINAL
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    letExcessCome();
    idle = new TimeLimit(ctx.executor(), ctx::close);
    idle.within(setup.config().idleWithin());
    int more = WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
    if (setup.draining().getAsBoolean()) {
      sayGoodbye(Goodbye.ANNOUNCED);
    }
  }

  /** Settings, pings and the client's own goodbye: the codec has answered them already. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    ReferenceCountUtil.release(frame);
    if (frame instanceof Http2SettingsAckFrame) {
      letExcessCome(); // the codec has just begun to keep it out
    }
    long now = ctx.executor().ticker().nanoTime();
    if (controlFrames == 0 || now - controlFramesSinceNanos > CONTROL_FRAMES_WITHIN_NANOS) {
      controlFramesSinceNanos = now;
      controlFrames = 0;
    }
    if (++controlFrames == MOST_CONTROL_FRAMES) {
      closeFor(
          Http2Exception.connectionError(
              Http2Error.ENHANCE_YOUR_CALM, "more than %d control frames", MOST_CONTROL_FRAMES));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Drain phase) {
      switch (phase) {
        case REFUSE -> sayGoodbye(Goodbye.ANNOUNCED);
        case CLOSE_IDLE -> sayGoodbye(Goodbye.FINAL);
        case END -> {
          sayGoodbye(Goodbye.FINAL);
          List.copyOf(streams).forEach(Http2Stream::endForDrain);
        }
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    idle().end();
  }

  /** What breaks the protocol was told to the client already, and the codec closes. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
      setup.unforeseen().tell(cause);
      ctx.close();
    }
  }

  /** Whether the stream that is being opened is one more than a client may have. */
  boolean hasTooMany() {
    return codec.connection().remote().numActiveStreams() - refusing > MOST_STREAMS;
  }

  /** A stream was refused; it counts as open until the client can be told. */
  void refusing(ChannelFuture reset) {
    refusing++;
    reset.addListener(_ -> refusing--);
  }

  /** Who came over it last. */
  LastKey lastKey() {
    return lastKey;
  }

  void opened(Http2Stream stream) {
    streams.add(stream);
    idle().none();
  }

  void closed(Http2Stream stream) {
    streams.remove(stream);
    if (streams.isEmpty()) {
      if (goodbye == Goodbye.FINAL) {
        context().close();
      } else if (context().channel().isActive()) {
        idle().within(setup.config().idleWithin());
      }
    }
  }

  /**
   * In two steps (RFC 9113, 6.8): the first says to send no more and names no last stream, for
   * requests may be on their way; the second does, and a client may send the later ones elsewhere.
   */
  private void sayGoodbye(Goodbye next) {
    if (next.compareTo(goodbye) > 0) {
      goodbye = next;
      DefaultHttp2GoAwayFrame frame = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
      if (next == Goodbye.ANNOUNCED) {
        frame.setExtraStreamIds(Integer.MAX_VALUE);
      }
      context().writeAndFlush(frame);
    }
    if (next == Goodbye.FINAL && streams.isEmpty()) {
      context().close();
    }
  }

  /**
   * The codec takes no notice of a stream that it keeps out, and what follows on it for a breach of
   * the protocol that ends the connection; but a client may send requests, with their bodies,
   * before it knows how many it may. So {@link ExcessStream} refuses them, and the codec closes for
   * the resets that this takes, as for any others, when they are too many.
   */
  private void letExcessCome() {
    codec.connection().remote().maxActiveStreams(MOST_STREAMS + ClientPipeline.MOST_RESETS);
  }

  private void closeFor(Http2Exception error) {
    codec.onError(context().pipeline().context(codec), false, error);
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline yet");
  }

  private TimeLimit idle() {
    return Objects.requireNonNull(idle, "not in a pipeline yet");
  }
}
