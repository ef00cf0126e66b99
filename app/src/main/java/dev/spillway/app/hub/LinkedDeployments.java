package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generation;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.routing.Presence;
import dev.spillway.gateway.tunnel.SiteLinks;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.Pace;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The deployments of one generation that agents serve, and what is told of them. */
final class LinkedDeployments {
  private static final long PROBE_FRESH_MILLIS = 5_000;
  private static final double PER_MILLE = 1_000;

  private final Dispatcher dispatcher;
  private final List<Linked> all = new ArrayList<>();

  /**
   * One of them.
   *
   * @param assumed how fast a replica was assumed to be; null if the configuration says it
   */
  private record Linked(int index, DeploymentId id, SiteId site, @Nullable Speed assumed) {}

  LinkedDeployments(Generation generation) {
    dispatcher = generation.dispatcher();
    List<Deployment> deployments = generation.assembly().topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      Deployment each = deployments.get(i);
      if (generation.assembly().said(each.id()).link() == null) {
        dispatcher.presence(i, Presence.PRESENT); // may have been an agent's before
      } else {
        boolean said = generation.assembly().said(each.id()).speed() != null;
        all.add(new Linked(i, each.id(), each.site().id(), said ? null : each.speed()));
      }
    }
  }

  /** A site is there while a link is up and one of its engines answered lately. */
  void tellWhoIsThere(SiteLinks links) {
    all.forEach(each -> tell(each, links));
  }

  /** The same of one site; any thread. */
  void tellWhetherThere(SiteId site, SiteLinks links) {
    for (Linked each : all) {
      if (each.site().equals(site)) {
        tell(each, links);
      }
    }
  }

  /** Nobody can come: this hub listens for no agents. */
  void nobodyIsThere() {
    all.forEach(each -> dispatcher.presence(each.index(), Presence.ABSENT));
  }

  /** Only of its own deployments is a site believed; any thread. */
  void report(SiteId site, Heartbeat heartbeat) {
    for (DeploymentState state : heartbeat.deployments()) {
      for (Linked each : all) {
        if (each.site().equals(site) && each.id().equals(state.id())) {
          report(each, state);
          believe(each, state.pace());
        }
      }
    }
  }

  private void tell(Linked deployment, SiteLinks links) {
    boolean there = links.isOnline(deployment.site(), deployment.id());
    dispatcher.presence(deployment.index(), there ? Presence.PRESENT : Presence.ABSENT);
  }

  /** What the configuration says counts before what the site says, and that before a guess. */
  private void believe(Linked deployment, Pace pace) {
    if (deployment.assumed() != null) {
      SiteSpeed.of(pace, deployment.assumed())
          .ifPresent(speed -> dispatcher.measured(deployment.index(), speed));
    }
  }

  /** Engines whose last probe is old say nothing. */
  private void report(Linked deployment, DeploymentState state) {
    int running = 0;
    int waiting = 0;
    double kvPermille = 0;
    int replicas = 0;
    for (ReplicaState each : state.replicas()) {
      if (each.probeAgeMillis() >= 0 && each.probeAgeMillis() <= PROBE_FRESH_MILLIS) {
        running += each.running();
        waiting += each.waiting();
        kvPermille += each.kvPermille();
        replicas++;
      }
    }
    if (replicas > 0) {
      double kvUse = Math.clamp(kvPermille / replicas / PER_MILLE, 0, 1);
      dispatcher.report(
          deployment.index(),
          new EngineReport(running, waiting, kvUse, replicas),
          System.nanoTime());
    }
  }
}
