package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import dev.spillway.wire.link.SiteMessage.State;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one running agent, and what it said last. Read by all loops; changed by the
 * loops of its connections.
 */
final class AgentLinks {
  /**
   * How long its word holds that says nothing more, while its links for requests carry: they are
   * closed after three seconds without a byte, so it is there. As long as it takes to find that its
   * control connection is dead, four seconds, and to make another beside much else.
   */
  private static final long HOLDS_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** An engine that did not answer for so long is not known to be there. */
  private static final long PROBE_FRESH_MILLIS = 5_000;

  private static final long CLOCKS_DIFFER_MILLIS = 10_000;

  /** So many streams share a connection before one on another loop is as good. */
  private static final int STREAMS_AT_HOME = 12;

  private final AgentTrust.Agent agent;
  private final String instance;
  private final List<Tunnel> tunnels = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable ControlStream> control = new AtomicReference<>();

  /** It was closed here for its silence: its agent, if it lives, makes another. */
  private volatile boolean controlFellSilent;

  private volatile @Nullable Said said;
  private volatile boolean draining;

  /**
   * What an agent said, and when it came.
   *
   * @param clockOffsetMillis how far its clock was ahead of ours then, less the way of the message
   */
  record Said(Heartbeat heartbeat, long atNanos, long clockOffsetMillis) {}

  AgentLinks(AgentTrust.Agent agent, String instance) {
    this.agent = agent;
    this.instance = instance;
  }

  AgentTrust.Agent agent() {
    return agent;
  }

  String instance() {
    return instance;
  }

  void add(Tunnel tunnel) {
    tunnels.add(tunnel);
  }

  void remove(Tunnel tunnel) {
    tunnels.remove(tunnel);
  }

  List<Tunnel> tunnels() {
    return tunnels;
  }

  /** One has the last word: what came before it ends. */
  void controlIs(ControlStream stream) {
    ControlStream before = control.getAndSet(stream);
    if (before != null) {
      before.giveWay();
    }
  }

  /** Unless another has taken its place. */
  void controlLeft(ControlStream stream) {
    if (stream.equals(control.get())) {
      controlFellSilent = stream.fellSilent(); // known before it is missed
      control.compareAndSet(stream, null);
    }
  }

  @Nullable ControlStream control() {
    return control.get();
  }

  boolean isEmpty() {
    return tunnels.isEmpty() && control.get() == null;
  }

  /** It stops, and stays so: whoever starts anew is another agent. */
  void drains() {
    draining = true;
  }

  /** Whether it said that it stops. */
  boolean isDraining() {
    Said last = said;
    return draining || (last != null && last.heartbeat().state() == State.DRAINING);
  }

  void heard(Heartbeat heartbeat, long nowNanos, long nowMillis) {
    said = new Said(heartbeat, nowNanos, heartbeat.nowMillis() - nowMillis);
  }

  /** Whether its clock and ours differed by too much when it said something last. */
  boolean isClockWrong() {
    Said last = said;
    return last != null && Math.abs(last.clockOffsetMillis()) > CLOCKS_DIFFER_MILLIS;
  }

  @Nullable Said said() {
    return said;
  }

  /**
   * By its last word, while that holds, an engine answered lately and there is a policy bundle to
   * judge by. An agent that closes its control connection says that it is there no more. One whose
   * control connection fell silent, or whose heartbeat is late, says nothing: then its links for
   * requests tell, which are closed when they fall silent themselves.
   */
  boolean serves(DeploymentId deployment, long nowNanos) {
    Said last = said;
    if (last == null
        || draining
        || (control.get() == null && !controlFellSilent)
        || last.heartbeat().state() != State.SERVING
        || last.heartbeat().bundleVersion() == 0) {
      return false;
    }
    if (nowNanos - last.atNanos() > HOLDS_NANOS) {
      return false;
    }
    for (DeploymentState each : last.heartbeat().deployments()) {
      if (each.id().equals(deployment)) {
        return each.replicas().stream().anyMatch(replica -> isFresh(replica, 0));
      }
    }
    return false;
  }

  static boolean isFresh(ReplicaState replica, long ageNanos) {
    long age = replica.probeAgeMillis() + TimeUnit.NANOSECONDS.toMillis(ageNanos);
    return replica.probeAgeMillis() >= 0 && age <= PROBE_FRESH_MILLIS;
  }

  /**
   * The connection for one more stream: the least busy of the caller's own loop, unless it is busy
   * and another is less so.
   *
   * @param not a connection that was tried already; null if none was
   */
  @Nullable Tunnel pick(EventLoop near, @Nullable Tunnel not) {
    Tunnel here = null;
    Tunnel anywhere = null;
    for (Tunnel each : tunnels) {
      if (each.takesStreams() && !each.equals(not)) {
        anywhere = lessBusy(anywhere, each);
        here = each.loop().equals(near) ? lessBusy(here, each) : here;
      }
    }
    return here != null && here.streams() < STREAMS_AT_HOME ? here : anywhere;
  }

  private static Tunnel lessBusy(@Nullable Tunnel one, Tunnel other) {
    return one == null || other.streams() < one.streams() ? other : one;
  }
}
