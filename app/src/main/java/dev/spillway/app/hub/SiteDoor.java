package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generation;
import dev.spillway.control.sites.Authority;
import dev.spillway.control.sites.Bundles;
import dev.spillway.control.sites.Enrolment;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.control.sites.SiteDesk;
import dev.spillway.control.sites.SiteKeys;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.seal.Seal;
import dev.spillway.core.seal.SealKey;
import dev.spillway.gateway.SitePort;
import dev.spillway.gateway.tunnel.LinkConfig;
import dev.spillway.gateway.tunnel.LinkOwner;
import dev.spillway.gateway.tunnel.SiteLinks;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a hub has for its partners' agents: the authority under which they join, the policy
 * bundles that they judge by, and their links.
 *
 * <p>Links ask it on event loops and are answered from memory; its own thread tells the dispatcher
 * which sites are there, and gives agents new bundles.
 */
final class SiteDoor implements LinkOwner, AutoCloseable {
  private static final Duration BUNDLE_LIFE = Duration.ofHours(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final SiteKeys keys;
  private final Bundles bundles;
  private final SiteDesk desk;
  private final SiteLinks links;
  private final Thread thread;
  private volatile @Nullable LinkedDeployments linked;
  private volatile Runnable roomMayBeFree = () -> {};

  private SiteDoor(FileSiteStore store, SiteKeys keys, Enrolment.Terms terms) throws IOException {
    this.keys = keys;
    this.bundles = new Bundles(keys, BUNDLE_LIFE, Clock.systemUTC());
    Enrolment enrolment = new Enrolment(store, keys, terms, Clock.systemUTC());
    this.desk = new SiteDesk(store, enrolment, bundles);
    this.links = new SiteLinks(this, System::nanoTime);
    desk.tell(links::recheck);
    this.thread = Thread.ofVirtual().name("site-door").start(this::watch);
  }

  /**
   * Opens what is kept in a folder; makes it, with the hub's own authority, if there is none.
   *
   * @param authority file of another authority; null for the hub's own
   * @param terms for how long agents are let in
   * @throws IOException if it cannot be used
   */
  static SiteDoor open(Path folder, @Nullable Path authority, Enrolment.Terms terms)
      throws IOException {
    FileSiteStore store = FileSiteStore.in(folder);
    return new SiteDoor(store, keys(store, authority), terms);
  }

  /** The hub's secrets of links; all but the authority, if another is named, are in its store. */
  static SiteKeys keys(FileSiteStore store, @Nullable Path authority) throws IOException {
    Authority external = authority == null ? null : Authority.in(authority);
    return SiteKeys.of(store, external, Instant.now());
  }

  /** Under which the facts of requests are sealed. */
  SealKey sealKey() {
    return keys.seal();
  }

  /** Where agents link. */
  SitePort port(String host, int port) {
    var hub = keys.authority().hub(Instant.now());
    return new SitePort(
        new LinkConfig(
            host, port, hub.key(), hub.certificate(), hub.authority(), LinkConfig.Limits.DEFAULT),
        links);
  }

  /** How every agent is linked. */
  SiteLinks links() {
    return links;
  }

  /**
   * Tells this, a few times a second and from any thread, that sites may have room: what they say
   * comes far more often.
   */
  void tell(Runnable mayHaveRoom) {
    roomMayBeFree = mayHaveRoom;
  }

  /** Another configuration is in force: agents judge by it as soon as its bundle is there. */
  void inForce(Generation generation) {
    LinkedDeployments now = new LinkedDeployments(generation);
    now.tellWhoIsThere(links);
    linked = now;
    var assembly = generation.assembly();
    bundles.put(
        new Bundles.InForce(
            assembly.topology(), assembly.tenants(), assembly.contract(), generation.version()));
    links.sendBundles();
    List<HubAddress> replicas =
        assembly.config().listen().linkReplicas().stream()
            .map(each -> new HubAddress(each.host(), each.port()))
            .toList();
    if (!replicas.equals(links.replicas())) {
      links.announce(replicas);
    }
  }

  @Override
  public boolean admits(SiteId site, String keyId) {
    return desk.admits(site, keyId);
  }

  @Override
  public @Nullable SignedBundle bundle(SiteId site, String keyId, long held) {
    return desk.bundle(site, keyId, held);
  }

  @Override
  public String sealedFor(String sealed, SiteId site, DeploymentId deployment) {
    return Seal.forSite(sealed, keys.seal(), site, deployment);
  }

  @Override
  public void heartbeat(SiteId site, Heartbeat heartbeat) {
    LinkedDeployments now = linked;
    if (now != null) {
      now.report(site, heartbeat, links);
      now.tellWhetherThere(site, links);
    }
  }

  /** At once: what is sent where nobody is fails, and counts against it when it is back. */
  @Override
  public void linkGone(SiteId site) {
    LinkedDeployments now = linked;
    if (now != null) {
      now.tellWhetherThere(site, links);
    }
  }

  @Override
  public byte[] enrol(String path, byte[] body) {
    return desk.enrol(path, body).encode();
  }

  /** Agents are told that this hub is about to stop. */
  void drain(Duration within) {
    links.drain(within);
  }

  @Override
  public void close() {
    thread.interrupt();
    desk.close();
  }

  private void watch() {
    long sent = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        LinkedDeployments now = linked;
        if (now != null) {
          now.tellWhoIsThere(links);
          roomMayBeFree.run();
        }
        if (System.nanoTime() - sent > bundles.every().toNanos()) {
          sent = System.nanoTime();
          links.sendBundles();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }
}
