package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generation;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.routing.Presence;
import dev.spillway.gateway.tunnel.SiteLinks;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The deployments of one generation that agents serve, and what is told of them. */
final class LinkedDeployments {
  /** Half of what an agent lets pass between two heartbeats. */
  private static final long REPORT_EVERY_NANOS = 500_000_000;

  private final Dispatcher dispatcher;
  private final List<Linked> all = new ArrayList<>();

  /**
   * One of them.
   *
   * @param assumed how fast a replica was assumed to be; null if the configuration says it
   * @param reportedNanos when its load was put together last
   */
  private record Linked(
      int index, DeploymentId id, SiteId site, @Nullable Speed assumed, AtomicLong reportedNanos) {
    Linked(int index, DeploymentId id, SiteId site, @Nullable Speed assumed) {
      this(index, id, site, assumed, new AtomicLong(System.nanoTime() - REPORT_EVERY_NANOS));
    }
  }

  LinkedDeployments(Generation generation) {
    dispatcher = generation.dispatcher();
    List<Deployment> deployments = generation.assembly().topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      Deployment each = deployments.get(i);
      if (generation.assembly().said(each.id()).link() == null) {
        tell(i, Presence.PRESENT); // may have been an agent's before
        dispatcher.takes(i, 0);
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
    all.forEach(each -> tell(each.index(), Presence.ABSENT));
  }

  /**
   * A site's agents are heard together, and only on its own deployments; any thread.
   *
   * <p>However many agents there are, what they say of load is put together a few times a second at
   * most.
   */
  void report(SiteId site, Heartbeat heartbeat, SiteLinks links) {
    long now = System.nanoTime();
    for (Linked each : all) {
      if (each.site().equals(site)) {
        believe(each, heartbeat);
        if (isTime(each.reportedNanos(), now)) {
          report(each, links.engines(site, each.id()), now);
        }
      }
    }
  }

  private void tell(Linked deployment, SiteLinks links) {
    boolean there = links.isOnline(deployment.site(), deployment.id());
    if (there) { // what it takes first: from then on requests come
      int context = links.served(deployment.site(), deployment.id()).contextTokens();
      dispatcher.takes(deployment.index(), context);
    }
    tell(deployment.index(), there ? Presence.PRESENT : Presence.ABSENT);
  }

  private void tell(int index, Presence presence) {
    dispatcher.presence(index, presence, System.nanoTime());
  }

  /** What the configuration says counts before what the site says, and that before a guess. */
  private void believe(Linked deployment, Heartbeat heartbeat) {
    Speed assumed = deployment.assumed();
    if (assumed != null) {
      heartbeat.deployments().stream()
          .filter(state -> state.id().equals(deployment.id()))
          .findFirst()
          .flatMap(state -> SiteSpeed.of(state.pace(), assumed))
          .ifPresent(speed -> dispatcher.measured(deployment.index(), speed));
    }
  }

  private static boolean isTime(AtomicLong reportedNanos, long now) {
    long last = reportedNanos.get();
    return now - last >= REPORT_EVERY_NANOS && reportedNanos.compareAndSet(last, now);
  }

  private void report(Linked deployment, List<ReplicaState> engines, long now) {
    if (!engines.isEmpty()) {
      dispatcher.report(deployment.index(), SiteLoad.of(engines), now);
    }
  }
}
