package dev.spillway.site;

import dev.spillway.site.calibration.Calibrators;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.relay.Service;
import dev.spillway.site.tunnel.HubLinks;
import dev.spillway.site.tunnel.LinkSetup;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.BundlesRefused;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.Refused;
import dev.spillway.wire.link.SiteMessage.State;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A partner's agent: dials its hubs and serves, from the engines next door, what they send and the
 * contract allows.
 *
 * <p>A hub that cannot be reached changes nothing here: what runs ends, and what is new does not
 * come. This class starts and stops it all, and may block; the event loops below it may not.
 */
public final class SiteAgent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SiteAgent.class.getName());
  private static final int CONNECT_WITHIN_MILLIS = 2_000;
  private static final int INSTANCE_BYTES = 8;
  private static final Duration DRAIN_LOOK = Duration.ofMillis(20);

  private final IdentityFolder folder;
  private final AtomicReference<SiteIdentity> identity;
  private final Guard guard;
  private final Service service;
  private final Clock clock;
  private final EventLoopGroup loops;
  private final List<HubLinks> hubs = new ArrayList<>();
  private final EngineProbes probes = new EngineProbes();
  private final Calibrators calibrators = new Calibrators();
  private final ClientTls tls;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SiteAgent(
      AgentConfig config,
      IdentityFolder folder,
      AtomicReference<SiteIdentity> identity,
      Clock clock) {
    this.folder = folder;
    this.identity = identity;
    this.clock = clock;
    this.tls = new ClientTls(clock);
    SiteIdentity who = identity.get();
    this.guard = new Guard(who.site(), who.policyKey(), who.sealKey(), clock);
    this.service = new Service(served(config), guard, config.limits(), System::nanoTime);
    boolean epoll = Epoll.isAvailable();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            config.loops(), epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    LinkSetup setup =
        setup(
            config.proxy(),
            epoll ? EpollSocketChannel.class : NioSocketChannel.class,
            new DnsAddressResolverGroup(
                epoll ? EpollDatagramChannel.class : NioDatagramChannel.class,
                DnsServerAddressStreamProviders.platformDefault()));
    for (InetSocketAddress hub : config.hubs()) {
      hubs.add(new HubLinks(setup, hub, loops.next(), new SecureRandom()));
    }
  }

  /**
   * Starts one that dials.
   *
   * @param folder where it keeps what must outlive it
   * @param identity who it is; whoever renews certificates puts new ones in it
   * @throws IOException if the folder cannot be read
   */
  public static SiteAgent start(
      AgentConfig config,
      IdentityFolder folder,
      AtomicReference<SiteIdentity> identity,
      Clock clock)
      throws IOException {
    SiteAgent agent = new SiteAgent(config, folder, identity, clock);
    agent.recallBundle();
    agent.calibrators.start();
    agent.hubs.forEach(HubLinks::start);
    return agent;
  }

  /** How it is, for the partner: no tenants, no content. */
  public AgentStatus status() {
    return new AgentStatus(
        identity.get(),
        service.isDraining(),
        service.requests(),
        guard.bundleVersion(),
        guard.bundleNotAfter(),
        guard.bundleRefusals(),
        hubs.stream().map(HubLinks::view).toList(),
        service.deployments().stream().map(each -> each.state(System.nanoTime())).toList(),
        guard.refusals());
  }

  /**
   * Takes nothing new, says so to its hubs, and lets what runs end; returns when it has, or after
   * {@code grace}.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public void drain(Duration grace) throws InterruptedException {
    service.drain();
    hubs.forEach(HubLinks::drain);
    long end = System.nanoTime() + grace.toNanos();
    while (service.requests() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(DRAIN_LOOK);
    }
  }

  /** Stops at once; what runs breaks off. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    calibrators.close();
    probes.close();
    hubs.forEach(HubLinks::close);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private List<ServedDeployment> served(AgentConfig config) {
    List<ServedDeployment> served = new ArrayList<>();
    config
        .deployments()
        .forEach((id, deployment) -> {
          List<Replica> replicas = new ArrayList<>();
          for (AgentConfig.Engine engine : deployment.engines()) {
            String name = "replica of " + id + " at " + engine.address().url();
            Replica replica = new Replica(engine.address(), identity.get().sealKey().mark(name));
            replicas.add(replica);
            probes.watch(
                id.value(),
                replica,
                engine.load() == null ? new PortProbe(engine.address()) : engine.load());
          }
          ServedDeployment here =
              new ServedDeployment(
                  id, replicas, deployment.prefixes(), deployment.prefillTokensPerSecond());
          if (deployment.calibration() == AgentConfig.Calibration.WHILE_IDLE) {
            replicas.forEach(each -> calibrators.add(here, each));
          }
          served.add(here);
        });
    return served;
  }

  private LinkSetup setup(
      @Nullable InetSocketAddress proxy,
      Class<? extends Channel> channel,
      AddressResolverGroup<InetSocketAddress> resolver) {
    IdentityHashMap<EventLoop, EnginePool> engines = new IdentityHashMap<>();
    for (EventExecutor each : loops) {
      EventLoop loop = (EventLoop) each;
      engines.put(loop, new EnginePool(loop, channel, resolver));
    }
    byte[] instance = new byte[INSTANCE_BYTES];
    new SecureRandom().nextBytes(instance);
    return new LinkSetup(
        HexFormat.of().formatHex(instance),
        new Bootstrap()
            .group(loops)
            .channel(channel)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.TCP_FASTOPEN_CONNECT, false) // a middlebox may drop such data
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MILLIS),
        proxy,
        () -> tls.of(identity.get()),
        service,
        loop -> Objects.requireNonNull(engines.get(loop), "a loop of another group"),
        this::heartbeat,
        this::take);
  }

  private Heartbeat heartbeat() {
    List<Refused> refusals = new ArrayList<>();
    guard
        .refusals()
        .forEach((reason, times) -> {
          if (times > 0) {
            refusals.add(new Refused(reason, times));
          }
        });
    List<BundlesRefused> bundles = new ArrayList<>();
    guard
        .bundleRefusals()
        .forEach((reason, times) -> {
          if (times > 0) {
            bundles.add(new BundlesRefused(reason, times));
          }
        });
    long now = System.nanoTime();
    return new Heartbeat(
        clock.millis(),
        guard.bundleVersion(),
        service.isDraining() ? State.DRAINING : State.SERVING,
        service.seen(),
        refusals,
        bundles,
        service.deployments().stream().map(each -> each.state(now)).toList());
  }

  /** On an event loop; the file is written on a thread of its own. */
  private String take(SignedBundle bundle) {
    String problem = guard.take(bundle);
    if (problem.isEmpty()) {
      byte[] text = bundle.encode();
      Thread.ofVirtual().name("bundle").start(() -> keep(text));
    }
    return problem;
  }

  private void keep(byte[] bundle) {
    try {
      folder.saveBundle(bundle);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the policy bundle in force is not kept for the next start", e);
    }
  }

  private void recallBundle() throws IOException {
    Optional<byte[]> kept = folder.bundle();
    if (kept.isPresent()) {
      String problem =
          SignedBundle.decode(kept.get()).map(guard::offer).orElse("it cannot be read");
      if (!problem.isEmpty()) {
        LOG.log(Level.INFO, "the policy bundle of the last run is not used: {0}", problem);
      }
    }
  }
}
