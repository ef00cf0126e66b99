package dev.spillway.gateway;

import dev.spillway.gateway.exchange.ExchangeSetup;
import dev.spillway.gateway.exchange.LongBodies;
import dev.spillway.gateway.exchange.Scratch;
import dev.spillway.gateway.exchange.WaitingLine;
import dev.spillway.gateway.server.BodyMemory;
import dev.spillway.gateway.server.ConnectionInitializer;
import dev.spillway.gateway.server.Drain;
import dev.spillway.gateway.server.Ids;
import dev.spillway.gateway.server.ServerSetup;
import dev.spillway.gateway.server.Unforeseen;
import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.timing.Alarms;
import dev.spillway.gateway.timing.LoopClock;
import dev.spillway.gateway.timing.PassEnd;
import dev.spillway.gateway.tunnel.LinkListener;
import dev.spillway.gateway.tunnel.LinkedUpstreams;
import dev.spillway.gateway.upstream.UpstreamPool;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.resume.ContinuationMemory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: listens for clients and serves them from deployments.
 *
 * <p>A client's connection, its exchanges and their upstream connections share one event loop; what
 * loops share is the snapshot, the memory for bodies and the line of those who wait. This class
 * starts and stops it all, and may block; nothing below it may.
 */
public final class Gateway implements AutoCloseable {
  private static final int MOST_ANSWER_BYTES = 16 << 20;

  /** Of each kind, by each event loop. */
  private static final int MOST_ALARMS_KEPT = 4_096;

  private static final Duration DRAIN_LOOK = Duration.ofMillis(50);

  /** How long connections are still accepted, only to be refused. */
  private static final Duration REFUSING = Duration.ofSeconds(1);

  /** How long clients have to take the error that ends their answer. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final int BACKLOG = 4_096;

  /** What one client who does not read costs here; the kernel has its own buffer before that. */
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(16 << 10, 32 << 10);

  private final Sockets sockets;
  private final EventLoopGroup loops;
  private final UpstreamTls upstreamTls;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final LongBodies longBodies = new LongBodies();
  private final BodyMemory bodies;
  private final WaitingLine line;
  private final ContinuationMemory continuations;
  private final AnswerMemory answers;
  private final Channel listening;
  private final @Nullable ServerCertificate certificate;
  private final @Nullable LinkListener links;
  private volatile boolean draining;
  private volatile boolean hurried;

  /** As {@link #start} does; speaks TLS to deployments so. */
  Gateway(
      GatewayConfig config,
      AtomicReference<Snapshot> snapshot,
      RequestObserver observer,
      @Nullable SitePort sites,
      UpstreamTls upstreamTls)
      throws IOException, InterruptedException {
    this.upstreamTls = upstreamTls;
    certificate = certificate(config.tls());
    bodies = new BodyMemory(config.bodyMemoryBytes());
    continuations = new ContinuationMemory(config.continuationMemoryBytes());
    answers = new AnswerMemory(config.answerMemoryBytes());
    sockets = Sockets.of(config.transport());
    loops = sockets.loops(loops(config));
    line = new WaitingLine((EventLoop) loops.iterator().next(), snapshot::get, System::nanoTime);
    try {
      IdentityHashMap<EventLoop, ServerSetup> setups = setups(config, snapshot, observer, sites);
      ServerBootstrap server =
          new ServerBootstrap()
              .group(loops)
              .channel(sockets.server())
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
              .childHandler(
                  new ConnectionInitializer(
                      loop -> Objects.requireNonNull(setups.get(loop), "a loop of another group"),
                      connections,
                      config.maxConnections(),
                      certificate == null ? null : certificate::inForce));
      sockets.holdLittle(server);
      listening = Ports.data(server, config);
      links = sites == null ? null : Ports.links(loops, sockets, sites);
    } catch (IOException | InterruptedException | RuntimeException e) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw e;
    }
  }

  /**
   * Starts listening.
   *
   * @param snapshot the configuration in force; whoever holds this puts new ones in it
   * @param observer is told of each request at its end
   * @throws IOException if it cannot listen there, or the certificate cannot be read
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static Gateway start(
      GatewayConfig config, AtomicReference<Snapshot> snapshot, RequestObserver observer)
      throws IOException, InterruptedException {
    return new Gateway(config, snapshot, observer, null, new UpstreamTls());
  }

  /**
   * Starts listening for clients and for the agents of sites.
   *
   * @param sites where agents link, and who may
   * @throws IOException as above
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static Gateway start(
      GatewayConfig config,
      AtomicReference<Snapshot> snapshot,
      RequestObserver observer,
      SitePort sites)
      throws IOException, InterruptedException {
    return new Gateway(config, snapshot, observer, sites, new UpstreamTls());
  }

  /** Where agents link; 0 if nowhere. */
  public int linkPort() {
    return links == null ? 0 : links.port();
  }

  /** Where it listens. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** Memory for the bodies of requests. */
  public BodyMemory bodies() {
    return bodies;
  }

  /**
   * Those who wait look again: what is known of a deployment changed, and not by a request's end.
   * Any thread; costs nothing while nobody waits.
   */
  public void roomMayBeFree() {
    line.roomMayBeFree();
  }

  /** Memory for what is kept so that answers can be continued elsewhere. */
  public ContinuationMemory continuations() {
    return continuations;
  }

  /** Memory for answers that are held until all of them came. */
  public AnswerMemory answers() {
    return answers;
  }

  /** Whether it has been told to stop. */
  public boolean isDraining() {
    return draining;
  }

  /**
   * Looks at the files of the certificate, and puts them in force if they changed and can be used.
   * One thread at a time may.
   */
  public ServerCertificate.Renewal renewCertificate() {
    return certificate == null ? new ServerCertificate.Renewal.Unchanged() : certificate.renew();
  }

  /**
   * Refuses new requests and lets those under way finish; returns when they have, or shortly after
   * {@code grace} or when it is told to hurry, when those that have not were ended with an error.
   *
   * <p>For the first moment it still accepts connections, and keeps those that it has: who sends a
   * request before it knows is told to go elsewhere, and not reset.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public void drain(Duration grace) throws InterruptedException {
    draining = true;
    long begin = System.nanoTime();
    long end = begin + grace.toNanos();
    tellUntil(Drain.REFUSE, Math.min(end, begin + REFUSING.toNanos()));
    listening.close().sync();
    tellUntil(Drain.CLOSE_IDLE, end);
    tellUntil(Drain.END, System.nanoTime() + LAST_WORDS.toNanos());
  }

  /** Ends the wait of {@link #drain}, before or while it runs. */
  public void hurry() {
    hurried = true;
  }

  /** Stops at once; what is under way breaks off. */
  @Override
  public void close() {
    draining = true;
    listening.close().syncUninterruptibly();
    if (links != null) {
      links.stopListening().syncUninterruptibly();
      links.closeLinks();
    }
    connections.close().syncUninterruptibly();
    longBodies.close();
    loops
        .shutdownGracefully(sockets.settleMillis(), 2_000, TimeUnit.MILLISECONDS)
        .syncUninterruptibly();
  }

  /** Until then, or until nobody is left to tell; who comes while it refuses must be told, too. */
  private void tellUntil(Drain phase, long endNanos) throws InterruptedException {
    while ((phase == Drain.REFUSE || !connections.isEmpty())
        && (phase == Drain.END || !hurried)
        && System.nanoTime() - endNanos < 0) {
      connections.forEach(each -> each.pipeline().fireUserEventTriggered(phase));
      Thread.sleep(DRAIN_LOOK);
    }
  }

  private IdentityHashMap<EventLoop, ServerSetup> setups(
      GatewayConfig config,
      AtomicReference<Snapshot> snapshot,
      RequestObserver observer,
      @Nullable SitePort sites) {
    DnsAddressResolverGroup resolver =
        new DnsAddressResolverGroup(
            sockets.datagram(), DnsServerAddressStreamProviders.platformDefault());
    Unforeseen unforeseen = new Unforeseen(System::nanoTime);
    IdentityHashMap<EventLoop, ServerSetup> setups = new IdentityHashMap<>();
    for (EventExecutor each : loops) {
      EventLoop loop = (EventLoop) each;
      PassEnd passEnd = new PassEnd(loop);
      LoopClock clock = new LoopClock(System::nanoTime);
      UpstreamPool pool =
          new UpstreamPool(loop, sockets.client(), resolver, upstreamTls, passEnd, clock);
      pool.start(() -> snapshot.get().upstreams());
      ExchangeSetup exchanges =
          new ExchangeSetup(
              loop,
              snapshot::get,
              sites == null ? pool : new LinkedUpstreams(loop, pool, sites.links()),
              line,
              observer,
              clock,
              new Alarms(loop, clock, MOST_ALARMS_KEPT),
              new Alarms(loop, clock, MOST_ALARMS_KEPT),
              new Scratch(),
              continuations,
              answers,
              longBodies.of(loop),
              MOST_ANSWER_BYTES);
      setups.put(
          loop,
          new ServerSetup(
              config,
              snapshot::get,
              exchanges,
              new Ids(),
              bodies,
              passEnd,
              clock,
              new Alarms(loop, clock, MOST_ALARMS_KEPT),
              unforeseen,
              () -> draining));
    }
    return setups;
  }

  private static @Nullable ServerCertificate certificate(GatewayConfig.@Nullable Tls tls)
      throws IOException {
    return tls == null ? null : ServerCertificate.read(tls.certificate(), tls.key());
  }

  private static int loops(GatewayConfig config) {
    return config.loops() == 0 ? Runtime.getRuntime().availableProcessors() : config.loops();
  }
}
