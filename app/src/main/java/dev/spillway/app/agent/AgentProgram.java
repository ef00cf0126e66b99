package dev.spillway.app.agent;

import dev.spillway.app.config.SiteAgentConfig;
import dev.spillway.app.config.SiteAgentConfig.Engine;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.providers.Capacities;
import dev.spillway.providers.Discovery;
import dev.spillway.providers.metrics.EnginePages;
import dev.spillway.providers.models.ModelPages;
import dev.spillway.site.AgentConfig;
import dev.spillway.site.AgentConfig.Calibration;
import dev.spillway.site.AgentStatus;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.site.identity.EnrolmentException;
import dev.spillway.site.identity.HubDoors;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.Renewal;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.site.relay.Service;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A running agent: its links and engines, its certificate kept young, its page. */
public final class AgentProgram implements AutoCloseable {
  private static final Duration ENGINE_WITHIN = Duration.ofSeconds(1);
  private static final int LOOP_PER_CORE = 0;

  private final SiteAgent agent;
  private final Renewal renewal;
  private final StatusPage page;
  private final Duration drainWithin;

  private AgentProgram(
      SiteAgentConfig config,
      @Nullable HttpProxy proxy,
      IdentityFolder folder,
      SiteIdentity identity,
      Clock clock)
      throws IOException {
    drainWithin = config.drainWithin();
    // First: whoever cannot have it links to nobody.
    page =
        StatusPage.at(config.status(), config.status().hosts("status-hosts", config.statusHosts()));
    AtomicReference<SiteIdentity> inForce = new AtomicReference<>(identity);
    try {
      List<HubAddress> hubs = told(hubs(config), folder);
      agent = SiteAgent.start(agentConfig(config, hubs, proxy), folder, inForce, clock);
    } catch (IOException e) {
      page.close();
      throw e;
    }
    renewal = new Renewal(folder, new HubDoors(agent::hubs, proxy, clock), inForce, clock);
    page.show(agent::status);
  }

  /**
   * Joins at the first of its hubs that answers, and keeps who the agent is from then on.
   *
   * @param base what paths of the configuration are relative to
   * @param at where to join, of the hubs that the configuration names; where to link as well, if it
   *     names none. Empty if it is to say
   * @throws EnrolmentException if no hub can be reached, all are others, or one refuses
   * @throws IOException if no hub is named, one here and others there, the identity cannot be kept,
   *     or the login of the proxy cannot be read
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static SiteIdentity join(
      SiteAgentConfig config, Path base, List<HubAddress> at, JoinToken token)
      throws EnrolmentException, IOException, InterruptedException {
    List<HubAddress> said = hubs(config);
    if (!said.isEmpty() && !said.containsAll(at)) {
      throw new IOException(
          "at %s, but hubs in site.yaml names %s (expected: one of these, or no hubs there)"
              .formatted(at, said));
    }
    IdentityFolder folder = IdentityFolder.in(base.resolve(config.state()));
    List<HubAddress> hubs = at.isEmpty() ? List.copyOf(folder.hubs().from(told(said, folder))) : at;
    SiteIdentity identity =
        new HubDoors(() -> hubs, ProxySettings.of(config, base), Clock.systemUTC())
            .join(token, config.site(), folder.joiningKey());
    folder.save(identity);
    if (said.isEmpty()) {
      folder.saveJoinedAt(hubs);
    }
    return identity;
  }

  /**
   * Whether an agent with this configuration joined before.
   *
   * @param base what paths of the configuration are relative to
   * @throws IOException if what it keeps cannot be read
   */
  public static boolean hasJoined(SiteAgentConfig config, Path base) throws IOException {
    return IdentityFolder.in(base.resolve(config.state())).load().isPresent();
  }

  /**
   * Starts an agent that joined before.
   *
   * @param base what paths of the configuration are relative to
   * @throws IOException if it has not joined, what it keeps or the login of the proxy cannot be
   *     read, or its page's port cannot be had
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static AgentProgram start(SiteAgentConfig config, Path base)
      throws IOException, InterruptedException {
    return start(config, base, Clock.systemUTC());
  }

  /** The same, by another clock. */
  public static AgentProgram start(SiteAgentConfig config, Path base, Clock clock)
      throws IOException, InterruptedException {
    Path state = base.resolve(config.state());
    IdentityFolder folder = IdentityFolder.in(state);
    SiteIdentity identity =
        folder
            .load()
            .orElseThrow(() ->
                new IOException(
                    "not joined yet: nothing in "
                        + state
                        + " (expected: spillway site join, with a token of the hub)"));
    if (!identity.site().equals(config.site())) {
      throw new IOException(
          "site: " + config.site() + ", but " + state + " is of site " + identity.site());
    }
    return new AgentProgram(config, ProxySettings.of(config, base), folder, identity, clock);
  }

  /** Every hub that it dials, so far as it knows of them. */
  public List<HubAddress> hubs() {
    return agent.hubs();
  }

  /** How it is. */
  public AgentStatus status() {
    return agent.status();
  }

  /** Where its page is. */
  public int statusPort() {
    return page.port();
  }

  /**
   * Takes nothing new, and lets open answers end for as long as the configuration says.
   *
   * @throws InterruptedException if the calling thread was interrupted
   */
  public void drain() throws InterruptedException {
    agent.drain(drainWithin);
  }

  /** Waits no longer for answers that are open while it drains. */
  public void hurry() {
    agent.hurry();
  }

  @Override
  public void close() {
    page.close();
    renewal.close();
    agent.close();
  }

  private static List<HubAddress> hubs(SiteAgentConfig config) {
    return config.hubs().stream().map(each -> new HubAddress(each.host(), each.port())).toList();
  }

  /** The hubs of the file; those it joined at, if the file leaves that to the join. */
  private static List<HubAddress> told(List<HubAddress> said, IdentityFolder folder)
      throws IOException {
    List<HubAddress> told = said.isEmpty() ? folder.joinedAt() : said;
    if (told.isEmpty()) {
      throw new IOException(
          "hubs: none (expected: in site.yaml, or spillway site join --hub https://HOST:PORT)");
    }
    return told;
  }

  private AgentConfig agentConfig(
      SiteAgentConfig config, List<HubAddress> hubs, @Nullable HttpProxy proxy) {
    Map<DeploymentId, AgentConfig.Deployment> deployments = new LinkedHashMap<>();
    config.deployments().forEach((id, served) -> deployments.put(id, deployment(served)));
    return new AgentConfig(
        hubs,
        proxy,
        deployments,
        new Service.Limits(config.requests(), config.bodyMemory().bytes()),
        LOOP_PER_CORE);
  }

  private AgentConfig.Deployment deployment(SiteAgentConfig.Served served) {
    return new AgentConfig.Deployment(
        served.engines().stream().map(this::engine).toList(),
        served.sharePrefixes() ? Prefixes.SHARED : Prefixes.OF_A_TENANT,
        served.prefillTokensPerSecond(),
        served.calibrate() ? Calibration.WHILE_IDLE : Calibration.OFF);
  }

  private AgentConfig.Engine engine(Engine engine) {
    URI url = engine.url().value();
    EnginePages pages =
        new EnginePages(List.of(url.resolve("/metrics")), engine.sequences(), ENGINE_WITHIN);
    EngineAddress address = EngineAddress.of(url);
    ModelPages models = new ModelPages(URI.create(address.url() + "/models"), url, ENGINE_WITHIN);
    return new AgentConfig.Engine(
        address,
        Capacities.of(engine.kind(), pages).orElse(null),
        Discovery.of(engine.kind(), models));
  }
}
