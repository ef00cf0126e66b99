package dev.spillway.site;

import dev.spillway.site.calibration.Calibrators;
import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import dev.spillway.site.guard.Guard;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.site.relay.Service;
import dev.spillway.site.tunnel.Hubs;
import dev.spillway.site.tunnel.LinkSetup;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.SiteMessage.BundlesRefused;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.Refused;
import dev.spillway.wire.link.SiteMessage.State;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A partner's agent: dials its hubs and serves, from the engines next door, what they send and the
 * contract allows.
 *
 * <p>A hub that cannot be reached changes nothing here: what runs ends, and what is new does not
 * come. This class starts and stops it all, and may block; the event loops below it may not.
 */
public final class SiteAgent implements AutoCloseable {
  private static final int CONNECT_WITHIN_MILLIS = 2_000;
  private static final int INSTANCE_BYTES = 8;
  private static final Duration DRAIN_LOOK = Duration.ofMillis(20);
  private static final Duration LEAVE_WITHIN_AT_LEAST = Duration.ofSeconds(2);

  private final AtomicReference<SiteIdentity> identity;
  private final Guard guard;
  private final AgentMemory memory;
  private final Service service;
  private final Clock clock;
  private final AgentThreads threads;
  private final boolean ownsThreads;
  private final Hubs hubs;
  private final EngineProbes probes = new EngineProbes();
  private final Calibrators calibrators = new Calibrators();
  private final ClientTls tls;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean hurried;

  private SiteAgent(
      AgentConfig config,
      IdentityFolder folder,
      AtomicReference<SiteIdentity> identity,
      Clock clock,
      @Nullable AgentThreads shared)
      throws IOException {
    this.identity = identity;
    this.clock = clock;
    this.tls = new ClientTls(clock);
    SiteIdentity who = identity.get();
    this.guard = new Guard(who.site(), who.policyKey(), who.sealKey(), clock);
    this.memory = new AgentMemory(folder, guard);
    this.service = new Service(served(config), guard, config.limits(), System::nanoTime);
    boolean epoll = Epoll.isAvailable();
    this.ownsThreads = shared == null;
    this.threads = shared == null ? AgentThreads.of(config.loops()) : shared;
    LinkSetup setup =
        setup(
            config.proxy(),
            epoll ? EpollSocketChannel.class : NioSocketChannel.class,
            new DnsAddressResolverGroup(
                epoll ? EpollDatagramChannel.class : NioDatagramChannel.class,
                DnsServerAddressStreamProviders.platformDefault()));
    this.hubs =
        new Hubs(
            setup,
            threads.loops().next(),
            SecureRandom::new,
            config.hubs(),
            folder.hubs(),
            memory::keepSoon);
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
    return start(new SiteAgent(config, folder, identity, clock, null));
  }

  /**
   * Starts one of many in a process, on threads that they share and their owner stops.
   *
   * @throws IOException as above
   */
  public static SiteAgent start(
      AgentConfig config,
      IdentityFolder folder,
      AtomicReference<SiteIdentity> identity,
      AgentThreads shared)
      throws IOException {
    return start(new SiteAgent(config, folder, identity, Clock.systemUTC(), shared));
  }

  private static SiteAgent start(SiteAgent agent) throws IOException {
    agent.memory.recallBundle();
    agent.calibrators.start();
    agent.hubs.start();
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
        hubs.views(),
        service.deployments().stream().map(SiteAgent::status).toList(),
        guard.refusals());
  }

  /** Every hub that it dials: those it was told of first, then those that they announced. */
  public List<HubAddress> hubs() {
    return hubs.addresses();
  }

  /**
   * Takes nothing new, says so to its hubs, lets what runs end, and leaves when they have all of
   * it; returns then, or after {@code grace} (two seconds more if that was needed for what ran), or
   * when it is told to hurry.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public void drain(Duration grace) throws InterruptedException {
    service.drain();
    hubs.drain();
    long end = System.nanoTime() + grace.toNanos();
    await(() -> service.requests() == 0, end);
    if (!hurried) {
      long least = System.nanoTime() + LEAVE_WITHIN_AT_LEAST.toNanos();
      long leftBy = end - least > 0 ? end : least;
      Future<Void> left = hubs.leave(Duration.ofNanos(leftBy - System.nanoTime()));
      await(left::isDone, leftBy);
    }
  }

  private void await(BooleanSupplier over, long endNanos) throws InterruptedException {
    while (!over.getAsBoolean() && !hurried && System.nanoTime() - endNanos < 0) {
      Thread.sleep(DRAIN_LOOK);
    }
  }

  /** Ends the wait of {@link #drain}; what still runs breaks off when it is closed. */
  public void hurry() {
    hurried = true;
  }

  /** Stops at once; what runs breaks off. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    calibrators.close();
    probes.close();
    hubs.close();
    if (ownsThreads) {
      threads.close();
    }
  }

  private static AgentStatus.Served status(ServedDeployment deployment) {
    return new AgentStatus.Served(
        deployment.state(System.nanoTime()),
        deployment.replicas().stream().map(Replica::models).toList());
  }

  private List<ServedDeployment> served(AgentConfig config) {
    List<ServedDeployment> served = new ArrayList<>();
    EngineNames names = EngineNames.here(identity.get().sealKey());
    config
        .deployments()
        .forEach((id, deployment) -> {
          List<Replica> replicas = new ArrayList<>();
          for (AgentConfig.Engine engine : deployment.engines()) {
            Replica replica = new Replica(engine.address(), names.of(engine.address()));
            replicas.add(replica);
            probes.watch(id.value(), replica, engine);
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
      @Nullable HttpProxy proxy,
      Class<? extends Channel> channel,
      AddressResolverGroup<InetSocketAddress> resolver) {
    IdentityHashMap<EventLoop, EnginePool> engines = new IdentityHashMap<>();
    for (EventExecutor each : threads.loops()) {
      EventLoop loop = (EventLoop) each;
      engines.put(loop, new EnginePool(loop, channel, resolver));
    }
    byte[] instance = new byte[INSTANCE_BYTES];
    new SecureRandom().nextBytes(instance);
    return new LinkSetup(
        HexFormat.of().formatHex(instance),
        new Bootstrap()
            .group(threads.loops())
            .channel(channel)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.TCP_FASTOPEN_CONNECT, false) // a middlebox may drop such data
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MILLIS),
        proxy,
        () -> tls.of(identity.get()),
        threads.handshakes(),
        service,
        loop -> Objects.requireNonNull(engines.get(loop), "a loop of another group"),
        this::heartbeat,
        memory::take);
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
        guard.judgingVersion(),
        service.isDraining() ? State.DRAINING : State.SERVING,
        service.seen(),
        refusals,
        bundles,
        service.deployments().stream().map(each -> each.state(now)).toList());
  }
}
