package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.gateway.telemetry.FewWarnings;
import dev.spillway.gateway.upstream.Answer;
import dev.spillway.gateway.upstream.Attempt;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.HubMessage;
import dev.spillway.wire.link.Serves;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All links of this hub, by site: where attempts go that no URL leads to.
 *
 * <p>An agent may have several connections, and a site several agents (one beside the other during
 * an upgrade). An attempt takes one stream of the least busy connection, of its own event loop if
 * it can: otherwise what it sends and gets makes one hop, and references travel with it.
 *
 * <p>May be used by any thread.
 */
public final class SiteLinks {
  /** Bytes beyond what streams begin with; a 32nd of a small heap. */
  private static final long WINDOWS = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32);

  private final LinkOwner owner;
  private final LongSupplier nanoClock;
  private final LinkedAgents agents = new LinkedAgents();

  /** Every connection that was let in, whether its agent said what it is for or not yet. */
  private final Set<Tunnel> tunnels = ConcurrentHashMap.newKeySet();

  private final String instance = UUID.randomUUID().toString();
  private final WindowBudget windows = new WindowBudget(WINDOWS);
  private volatile List<HubAddress> replicas = List.of();
  private final FewWarnings warnings;
  private final LongAdder bundlesRefused = new LongAdder();
  private final Map<SiteRefusal, LongAdder> refusals = new EnumMap<>(SiteRefusal.class);

  /**
   * None yet.
   *
   * @param nanoClock the monotonic clock of every decision
   */
  public SiteLinks(LinkOwner owner, LongSupplier nanoClock) {
    this.owner = owner;
    this.nanoClock = nanoClock;
    this.warnings = new FewWarnings(nanoClock, "what agents say");
    for (SiteRefusal each : SiteRefusal.values()) {
      refusals.put(each, new LongAdder());
    }
  }

  /**
   * Starts an attempt and returns at once; tells {@code answer} on {@code caller}, but never before
   * this method has returned. The same contract as a pool's.
   *
   * @param caller the event loop that calls
   */
  public Attempt open(EventLoop caller, LinkRequest request, Answer answer) {
    TunnelAttempt attempt = new TunnelAttempt(this, caller, request, answer);
    caller.execute(attempt::start);
    return attempt;
  }

  /** Whether a site serves a deployment now: a link is up, and an engine answered lately. */
  public boolean isOnline(SiteId site, DeploymentId deployment) {
    long now = nanoClock.getAsLong();
    return agents.of(site).stream()
        .anyMatch(each ->
            each.serves(deployment, now) && each.tunnels().stream().anyMatch(Tunnel::takesStreams));
  }

  /**
   * The engines of a deployment that answered lately, as all agents of its site see them together.
   */
  public List<ReplicaState> engines(SiteId site, DeploymentId deployment) {
    return SiteEngines.of(deployment, agents.of(site), nanoClock.getAsLong());
  }

  /** What a request waits at that engine of a deployment where it waits least, as they say. */
  long leastQueueMicros(SiteId site, DeploymentId deployment) {
    long least =
        engines(site, deployment).stream().mapToLong(ReplicaState::queueMicros).min().orElse(0);
    return Math.max(0, least);
  }

  /** What the engines of a deployment serve, as all agents of its site say together. */
  public Serves served(SiteId site, DeploymentId deployment) {
    return SiteEngines.served(deployment, agents.of(site), nanoClock.getAsLong());
  }

  /** How every agent is linked, for metrics and people. */
  public List<LinkStatus> status() {
    long now = nanoClock.getAsLong();
    List<LinkStatus> all = new ArrayList<>();
    agents.forEach(each -> all.add(LinkStatus.of(each, now)));
    return all;
  }

  /** How often agents turned requests of this hub away, by reason. */
  public Map<SiteRefusal, Long> refusals() {
    Map<SiteRefusal, Long> counts = new EnumMap<>(SiteRefusal.class);
    refusals.forEach((reason, times) -> counts.put(reason, times.sum()));
    return counts;
  }

  /** How many policy bundles agents did not take. */
  public long bundlesRefused() {
    return bundlesRefused.sum();
  }

  /**
   * Asks the owner about every connection's agent again, and closes those of agents that it does
   * not admit.
   */
  public void recheck() {
    for (Tunnel each : tunnels) {
      if (!admits(each.agent())) {
        each.dismiss();
      }
    }
  }

  /** Gives every agent a policy bundle newer than the one it has. */
  public void sendBundles() {
    agents.forEach(this::sendBundle);
  }

  /**
   * Tells every agent, and those who come later, where all replicas of this hub are: they link to
   * each of them.
   *
   * @param all at most {@value HubMessage.Replicas#MOST}
   */
  public void announce(List<HubAddress> all) {
    replicas = List.copyOf(all);
    agents.forEach(agent -> {
      ControlStream control = agent.control();
      if (control != null) {
        control.announce(replicas);
      }
    });
  }

  /** Tells every agent that this hub is about to stop. */
  public void drain(Duration within) {
    agents.forEach(agent -> {
      ControlStream control = agent.control();
      if (control != null) {
        control.drain(within);
      }
    });
  }

  /** The monotonic clock of every decision. */
  long nanos() {
    return nanoClock.getAsLong();
  }

  /** Which running hub this is. */
  String instance() {
    return instance;
  }

  /** Where all replicas of this hub are, so far as it was told. */
  public List<HubAddress> replicas() {
    return replicas;
  }

  /** Shared by all streams. */
  WindowBudget windows() {
    return windows;
  }

  /** Of what agents say. */
  FewWarnings warnings() {
    return warnings;
  }

  LinkOwner owner() {
    return owner;
  }

  boolean admits(AgentTrust.Agent agent) {
    return owner.admits(agent.site(), agent.keyId());
  }

  /** A connection was let in; it is rechecked until it is closed. */
  void opened(Tunnel tunnel) {
    tunnels.add(tunnel);
    tunnel.channel().closeFuture().addListener(closed -> tunnels.remove(tunnel));
  }

  @Nullable Tunnel pick(LinkRequest request, EventLoop near, @Nullable Tunnel not) {
    long now = nanoClock.getAsLong();
    Tunnel best = null;
    for (AgentLinks agent : agents.of(request.site())) {
      if (agent.serves(request.deployment(), now)) {
        Tunnel candidate = agent.pick(near, not);
        if (candidate != null && (best == null || candidate.streams() < best.streams())) {
          best = candidate;
        }
      }
    }
    return best;
  }

  void refused(SiteRefusal reason) {
    refusals.computeIfAbsent(reason, any -> new LongAdder()).increment();
  }

  void bundleRefused() {
    bundlesRefused.increment();
  }

  /**
   * A connection says whose it is.
   *
   * @param comes adds it to its agent's; must not block
   * @return all of its agent's; null if too many of its key are linked
   */
  @Nullable AgentLinks joined(AgentTrust.Agent agent, String instance, Consumer<AgentLinks> comes) {
    return agents.joined(agent, instance, comes);
  }

  /**
   * It is gone.
   *
   * @param goes takes it from its agent's; must not block
   */
  void left(AgentLinks agent, Consumer<AgentLinks> goes) {
    agents.left(agent, goes);
    owner.linkGone(agent.agent().site());
  }

  void heard(AgentLinks agent, Heartbeat heartbeat) {
    boolean knewIt = agent.isClockWrong();
    agent.heard(heartbeat, nanoClock.getAsLong(), System.currentTimeMillis());
    if (agent.isClockWrong() && !knewIt) {
      warnOfItsClock(agent);
    }
    owner.heartbeat(agent.agent().site(), heartbeat);
  }

  /** Bundles and seals have dates: clocks that differ by more than their tolerance refuse all. */
  private void warnOfItsClock(AgentLinks agent) {
    AgentLinks.Said said = agent.said();
    if (said != null) {
      warnings.tell(
          "{0}: the clock of agent {1} differs from this hub''s by {2} s (expected: both right)",
          agent.agent().site(), agent.instance(), said.clockOffsetMillis() / 1_000);
    }
  }

  void sendBundle(AgentLinks agent) {
    ControlStream control = agent.control();
    AgentLinks.Said said = agent.said();
    if (control != null && said != null) {
      long held = said.heartbeat().bundleVersion();
      SignedBundle bundle = owner.bundle(agent.agent().site(), agent.agent().keyId(), held);
      if (bundle != null) {
        control.send(bundle);
      }
    }
  }
}
