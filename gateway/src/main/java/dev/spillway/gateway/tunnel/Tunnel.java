package dev.spillway.gateway.tunnel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.wire.link.LinkHeaders;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection that an agent dialled: for requests, or for control messages.
 *
 * <p>It is probed by a PING every second and dead after three seconds without a byte, as is found
 * within a quarter: no reset comes from a network that drops packets. Its streams fail at once.
 *
 * <p>Runs on its own event loop; others count streams and ask whether it takes more.
 */
final class Tunnel extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = System.getLogger(Tunnel.class.getName());
  private static final long LOOK_EVERY_MILLIS = 250;
  private static final int LOOKS_A_PROBE = 4;
  private static final int MOST_SILENT_LOOKS = 3 * LOOKS_A_PROBE;

  /**
   * So large that no number of slow readers on one connection holds up a fast one: more than all
   * streams begin with, and what the budget has beyond that.
   */
  private static final int CONNECTION_WINDOW = 128 << 20;

  private final SiteLinks links;
  private final AgentTrust.Agent agent;
  private final LastRead lastRead;
  private final Http2FrameCodec codec;
  private final Channel channel;
  private final AtomicInteger streams = new AtomicInteger();

  private volatile @Nullable AgentLinks owner;
  private @Nullable Future<?> looking;
  private int looks;
  private int silentLooks;
  private long pingSentNanos;

  /** Its agent said that it is for requests; and it is over, which nothing takes back. */
  private volatile boolean carriesRequests;

  private volatile boolean ends;
  private volatile long roundTripMicros = -1;
  private long leastRoundTripMicros = -1;

  Tunnel(
      SiteLinks links,
      AgentTrust.Agent agent,
      LastRead lastRead,
      Http2FrameCodec codec,
      Channel channel) {
    this.links = links;
    this.agent = agent;
    this.lastRead = lastRead;
    this.codec = codec;
    this.channel = channel;
  }

  AgentTrust.Agent agent() {
    return agent;
  }

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  boolean takesStreams() {
    return carriesRequests && !ends;
  }

  int streams() {
    return streams.get();
  }

  long roundTripMicros() {
    return roundTripMicros;
  }

  /** Counts a stream that is about to be opened, so that others see it at once. */
  void streamBegins() {
    streams.incrementAndGet();
  }

  /** One that was counted is over; its own loop only. */
  void streamEnded() {
    streams.decrementAndGet();
    closeIfOver();
  }

  /** What a stream that is about to be opened may have under way. */
  StreamWindow window() {
    return new StreamWindow(links.windows(), System.nanoTime());
  }

  /** The caller of a stream took so many bytes: as many may come, or more; its own loop only. */
  void giveBack(Http2StreamChannel stream, int bytes, StreamWindow window) {
    int wider = window.given(System.nanoTime(), leastRoundTripMicros);
    if (wider > 0) {
      widen(stream.stream(), wider);
    }
    stream.write(new DefaultHttp2WindowUpdateFrame(bytes).stream(stream.stream()));
    stream.flush();
  }

  private void widen(Http2FrameStream stream, int bytes) {
    Http2Connection connection = codec.connection();
    Http2Stream known = connection.stream(stream.id());
    if (known != null) {
      try {
        connection.local().flowController().incrementWindowSize(known, bytes);
      } catch (Http2Exception e) {
        throw new IllegalStateException("a window of " + stream.id() + " cannot be widened", e);
      }
    }
  }

  /** Its agent said that it takes nothing new; any thread. */
  void agentDrains() {
    AgentLinks all = owner;
    if (all != null) {
      all.drains();
    }
  }

  /** Closes it with all its streams, and says that its agent is not admitted; any thread. */
  void dismiss() {
    ends = true;
    Dismissal.of(channel);
  }

  /** Closes it with all its streams; any thread. */
  void close() {
    ends = true;
    channel.close();
  }

  /** Whether it was closed because nothing came; its own loop only. */
  boolean fellSilent() {
    return silentLooks >= MOST_SILENT_LOOKS;
  }

  /** Its agent has had the time to say what it is for; its own loop only. */
  void mustBeIdentified() {
    if (owner == null) {
      LOG.log(
          Level.WARNING, "{0}: a link whose agent does not say what it is; closed", agent.site());
      close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    links.opened(this);
    ctx.write(
        new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
    ControlStream.open(this, links);
    looking =
        ctx.executor()
            .scheduleWithFixedDelay(
                () -> look(ctx), LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, MILLISECONDS);
    ctx.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2PingFrame ping && ping.ack()) {
      returned(NANOSECONDS.toMicros(System.nanoTime() - pingSentNanos));
    } else if (message instanceof Http2GoAwayFrame) {
      ends = true; // what runs on it may end
      closeIfOver();
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ends = true;
    if (looking != null) {
      looking.cancel(false);
    }
    AgentLinks all = owner;
    if (all != null) {
      links.left(all, its -> its.remove(this));
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(Level.DEBUG, () -> "link of " + agent.site() + " broke: " + cause);
    ctx.close();
  }

  /**
   * The agent said what this connection is for, which may be long after it was let in: it is asked
   * anew whether it still is. Whoever is revoked after that is found by {@link SiteLinks#recheck}.
   *
   * @param messages its first stream, which stays open if it is for messages
   * @return whose messages come over it; null if none do
   */
  @Nullable AgentLinks identified(String instance, String kind, ControlStream messages) {
    if (!links.admits(agent)) {
      dismiss();
      return null;
    }
    boolean forRequests = kind.equals(LinkHeaders.DATA);
    AgentLinks all =
        links.joined(
            agent,
            instance,
            its -> {
              if (forRequests) {
                its.add(this);
              } else {
                its.controlIs(messages);
              }
            });
    if (all == null) {
      links
          .warnings()
          .tell("{0}: too many agents are linked by one key; one more is not", agent.site());
      close();
      return null;
    }
    owner = all;
    carriesRequests = forRequests;
    return forRequests ? null : all;
  }

  /**
   * It takes no stream any more, and has none: the agent leaves, or the numbers for streams are
   * used up. Of the latter only this end knows: the agent would keep it in place of another.
   */
  private void closeIfOver() {
    if (carriesRequests && ends && streams.get() == 0) {
      close();
    }
  }

  private void returned(long micros) {
    roundTripMicros = micros;
    leastRoundTripMicros =
        leastRoundTripMicros < 0 ? micros : Math.min(leastRoundTripMicros, micros);
  }

  private void look(ChannelHandlerContext ctx) {
    silentLooks = lastRead.sinceLastAsked() ? 0 : silentLooks + 1;
    if (fellSilent()) {
      LOG.log(Level.WARNING, "{0}: a link is silent; closed", agent.site());
      close();
    } else if (++looks % LOOKS_A_PROBE == 0) {
      pingSentNanos = System.nanoTime();
      ctx.writeAndFlush(new DefaultHttp2PingFrame(pingSentNanos));
    }
  }

  /** Whether anything came: first in a pipeline, event loop only. */
  static final class LastRead extends ChannelInboundHandlerAdapter {
    private boolean seen;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      seen = true;
      ctx.fireChannelRead(message);
    }

    boolean sinceLastAsked() {
      boolean was = seen;
      seen = false;
      return was;
    }
  }
}
