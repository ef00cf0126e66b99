package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.gateway.tunnel.AgentLinks.Said;
import dev.spillway.wire.link.Serves;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the agents of a site say of its engines, put together: an engine that several of them see is
 * one, and what each sees alone adds up. So two agents beside one another (an upgrade, or one on
 * each of two machines) neither double a site nor hide half of it.
 */
final class SiteEngines {
  private final DeploymentId deployment;
  private final long nowNanos;
  private final Map<String, ReplicaState> byName = new LinkedHashMap<>();

  private SiteEngines(DeploymentId deployment, long nowNanos) {
    this.deployment = deployment;
    this.nowNanos = nowNanos;
  }

  /** Those that answered lately, with the age of their probes as of now. */
  static List<ReplicaState> of(
      DeploymentId deployment, Collection<AgentLinks> agents, long nowNanos) {
    SiteEngines engines = new SiteEngines(deployment, nowNanos);
    for (AgentLinks each : agents) {
      Said said = each.said();
      if (said != null && each.serves(deployment, nowNanos)) {
        engines.add(said);
      }
    }
    return List.copyOf(engines.byName.values());
  }

  /** What those agents that serve it say their engines serve, so far as they agree. */
  static Serves served(DeploymentId deployment, Collection<AgentLinks> agents, long nowNanos) {
    Serves all = Serves.UNKNOWN;
    for (AgentLinks agent : agents) {
      Said said = agent.said();
      if (said != null && agent.serves(deployment, nowNanos)) {
        for (DeploymentState each : said.heartbeat().deployments()) {
          all = each.id().equals(deployment) ? all.and(each.serves()) : all;
        }
      }
    }
    return all;
  }

  private void add(Said said) {
    long ageNanos = nowNanos - said.atNanos();
    for (DeploymentState each : said.heartbeat().deployments()) {
      if (each.id().equals(deployment)) {
        for (ReplicaState replica : each.replicas()) {
          if (AgentLinks.isFresh(replica, ageNanos)) {
            byName.merge(
                replica.engine(),
                older(replica, TimeUnit.NANOSECONDS.toMillis(ageNanos)),
                SiteEngines::together);
          }
        }
      }
    }
  }

  /** The load as the younger probe has it: each saw all of it. What each has there adds up. */
  private static ReplicaState together(ReplicaState one, ReplicaState other) {
    ReplicaState younger = one.probeAgeMillis() <= other.probeAgeMillis() ? one : other;
    return new ReplicaState(
        younger.engine(),
        younger.running(),
        younger.waiting(),
        younger.kvPermille(),
        younger.probeAgeMillis(),
        one.inFlight() + other.inFlight(),
        Math.max(one.queueMicros(), other.queueMicros()));
  }

  private static ReplicaState older(ReplicaState replica, long millis) {
    return new ReplicaState(
        replica.engine(),
        replica.running(),
        replica.waiting(),
        replica.kvPermille(),
        replica.probeAgeMillis() + millis,
        replica.inFlight(),
        replica.queueMicros());
  }
}
