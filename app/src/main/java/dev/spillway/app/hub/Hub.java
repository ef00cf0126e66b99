package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generation;
import dev.spillway.app.assembly.Generations;
import dev.spillway.app.assembly.SecretReader;
import dev.spillway.app.config.Address;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.control.AdminPort;
import dev.spillway.control.api.AdminRoutes;
import dev.spillway.control.engines.EnginePoller;
import dev.spillway.control.metrics.HubMeters;
import dev.spillway.control.status.ConfigStatus;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.control.status.Readiness;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.gateway.Gateway;
import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.ServerCertificate;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.telemetry.Meters;
import dev.spillway.gateway.telemetry.Observers;
import dev.spillway.gateway.telemetry.RecentDecisions;
import dev.spillway.gateway.telemetry.RecentDecisions.Old;
import dev.spillway.gateway.telemetry.RequestObserver;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A running hub: the data plane, the admin port, the look at engines, and the configuration that is
 * in force.
 *
 * <p>A configuration is put in force as a whole or not at all; attempts under way end where they
 * are, and every further attempt is made under the new one. Starting, reloading and stopping block,
 * and belong to one thread at a time; whatever is asked of the hub's state may be asked by any.
 */
public final class Hub implements HubStatus, AutoCloseable {
  private static final int MOST_REQUESTS_REMEMBERED = 2_000;

  /** Of a request, one a deployment; some 60 bytes each. */
  private static final int VERDICTS_REMEMBERED = 1_000_000;

  /**
   * Deployments from which on a decision's notes are used again. They lie where no cache has them
   * any more: with 4 deployments finding them cost 1 us a request. Making them grows with the
   * number of deployments, finding them does not; where the two meet is an estimate.
   */
  private static final int WORTH_REUSING = 32;

  private final Generations generations;
  private final AtomicReference<Snapshot> snapshot;
  private final @Nullable SiteDoor sites;
  private final Gateway gateway;
  private final AdminPort admin;
  private EnginePoller poller;
  private volatile Generation inForce;
  private volatile Set<SiteId> partners;
  private volatile @Nullable String lastError;

  private Hub(
      Generations generations,
      Generation first,
      Settings settings,
      @Nullable SiteDoor sites,
      RequestObserver observer)
      throws IOException, InterruptedException {
    this.generations = generations;
    this.inForce = first;
    this.sites = sites;
    this.partners = partnersOf(first);
    this.snapshot = new AtomicReference<>(first.snapshot());
    RecentDecisions recent = recent(deployments(first));
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Meters meters = new Meters(registry, this::isPartner);
    tellSites(first);
    this.gateway =
        gateway(settings.gateway(), new Observers(List.of(recent, meters, observer)), first);
    meters.showBodies(gateway.bodies()::takenBytes, gateway.bodies()::refused);
    meters.showContinuations(gateway.continuations());
    meters.showAnswers(gateway.answers());
    meters.showDropped(observer::dropped);
    try {
      this.admin =
          AdminPort.start(settings.admin(), settings.adminHosts(), routes(recent, registry));
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
    if (sites != null) {
      sites.tell(gateway::roomMayBeFree);
    }
    this.poller = Engines.watch(first, gateway::roomMayBeFree);
  }

  /**
   * Starts a hub that listens when this returns.
   *
   * @param file of the configuration: how errors call it, and what paths in it are relative to
   * @param text what it says
   * @param observer is told of each request at its end
   * @throws InvalidFileException if the configuration cannot be put in force, or what it names
   *     cannot be used: certificates, secrets
   * @throws IOException if a port cannot be had, or the store of links cannot be used
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static Hub start(Path file, byte[] text, RequestObserver observer)
      throws InvalidFileException, IOException, InterruptedException {
    Path base = Settings.folderOf(file);
    Bound<SpillwayConfig> bound = ConfigFile.read(file.toString(), text);
    StartCheck.requireUsable(file.toString(), StartCheck.certificates(bound, base));
    SpillwayConfig said = bound.value();
    Path linkStore = Settings.linkStore(said, base);
    SiteDoor sites =
        linkStore == null
            ? null
            : SiteDoor.open(
                linkStore, Settings.linkAuthority(said, base), Settings.linkTerms(said));
    try {
      Generations generations =
          new Generations(
              file.toString(),
              new SecretReader(base, System.getenv()),
              sites == null ? null : sites.sealKey());
      Generation first = generations.next(null, text, Instant.now());
      Settings settings = Settings.of(first.assembly().config(), base);
      return new Hub(generations, first, settings, sites, observer);
    } catch (InvalidFileException | IOException | InterruptedException | RuntimeException e) {
      if (sites != null) {
        sites.close();
      }
      throw e;
    }
  }

  /**
   * Puts another configuration in force, or leaves the one that is, whatever is wrong with the
   * other.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public synchronized Reload reload(byte[] text) throws InterruptedException {
    Generation before = inForce;
    try {
      Generation next = generations.next(before, text, Instant.now());
      tellSites(next);
      snapshot.set(next.snapshot());
      inForce = next;
      partners = partnersOf(next);
      lastError = null;
      poller.close();
      poller = Engines.watch(next, gateway::roomMayBeFree);
      return new Reload.InForce(
          next.version(), Settings.needRestart(before.assembly(), next.assembly()));
    } catch (InvalidFileException e) {
      lastError = e.getMessage();
      return new Reload.Refused(e.getMessage());
    }
  }

  /** Whether a file with a secret in it changed since it was last looked at. */
  synchronized boolean haveSecretsChanged() {
    return generations.haveSecretsChanged();
  }

  /**
   * Looks at the data port's certificate, and puts it in force for new connections if it changed.
   */
  public ServerCertificate.Renewal renewCertificate() {
    return gateway.renewCertificate();
  }

  /** The port that clients connect to. */
  public int dataPort() {
    return gateway.port();
  }

  /** The port that agents of partner sites link to; 0 if there is none. */
  public int linkPort() {
    return gateway.linkPort();
  }

  /** The port that operators connect to. */
  public int adminPort() {
    return admin.port();
  }

  /** What is in force. */
  public Generation inForce() {
    return inForce;
  }

  /**
   * Takes no new requests, and lets those under way end for as long as the configuration says.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public void drain() throws InterruptedException {
    if (sites != null) {
      sites.drain(inForce.assembly().config().limits().drainWithin());
    }
    gateway.drain(inForce.assembly().config().limits().drainWithin());
  }

  /** Ends a drain: answers that are still open end now, with an error. */
  public void hurry() {
    gateway.hurry();
  }

  /** Stops at once. */
  @Override
  public synchronized void close() {
    poller.close();
    gateway.close();
    if (sites != null) {
      sites.close();
    }
    admin.close();
  }

  @Override
  public Readiness readiness() {
    return gateway.isDraining() ? Readiness.DRAINING : Readiness.READY;
  }

  @Override
  public ConfigStatus config() {
    Generation now = inForce;
    return new ConfigStatus(now.version(), now.loadedAt(), lastError);
  }

  @Override
  public List<DeploymentView> deployments() {
    return DeploymentViews.of(inForce, sites);
  }

  private boolean isPartner(SiteId site) {
    return partners.contains(site);
  }

  private static RecentDecisions recent(int deployments) {
    int requests = VERDICTS_REMEMBERED / Math.max(1, deployments);
    return new RecentDecisions(
        Math.clamp(requests, 1, MOST_REQUESTS_REMEMBERED),
        deployments < WORTH_REUSING ? Old.DROPPED : Old.REUSED);
  }

  private static int deployments(Generation generation) {
    return generation.snapshot().topology().deployments().size();
  }

  private static Set<SiteId> partnersOf(Generation generation) {
    return generation.assembly().topology().sites().stream()
        .filter(each -> each.role() == Site.Role.PARTNER)
        .map(Site::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private AdminRoutes routes(RecentDecisions recent, PrometheusMeterRegistry registry) {
    HubMeters meters = new HubMeters(registry, this);
    if (sites == null) {
      return new AdminRoutes(this, new RecentRequests(recent), meters::page);
    }
    SiteMeters links = new SiteMeters(registry, sites.links());
    return new AdminRoutes(
        this,
        new RecentRequests(recent),
        () -> {
          links.refresh();
          return meters.page();
        });
  }

  private Gateway gateway(GatewayConfig config, RequestObserver observer, Generation first)
      throws IOException, InterruptedException {
    Address links = first.assembly().config().listen().links();
    return sites == null || links == null
        ? Gateway.start(config, snapshot, observer)
        : Gateway.start(config, snapshot, observer, sites.port(links.host(), links.port()));
  }

  /** Before it is in force: nothing is sent where nobody is. */
  private void tellSites(Generation next) {
    if (sites != null) {
      sites.inForce(next);
    } else {
      new LinkedDeployments(next).nobodyIsThere();
    }
  }
}
