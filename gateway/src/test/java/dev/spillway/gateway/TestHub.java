package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.core.dispatch.Changes;
import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.gateway.HubPlan.Place;
import dev.spillway.gateway.auth.FactSealer;
import dev.spillway.gateway.auth.Grant;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.gateway.kept.KeptResponses;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.upstream.Credential;
import dev.spillway.gateway.upstream.Endpoint;
import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.providers.Dialects;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.resume.ContinuationMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A gateway in front of providers on this machine: one model, one deployment a provider, each
 * dearer than the one before, so that they are tried in their order.
 */
final class TestHub implements AutoCloseable {
  /** How long a stream may stand still at an impatient hub. */
  static final Duration IMPATIENCE = Duration.ofMillis(300);

  /** The same for every hub, as for hubs that serve together and for one that starts again. */
  private static final byte[] SECRET = "a secret of tests".getBytes(US_ASCII);

  private static final ModelName MODEL = new ModelName("gpt-4o");
  private static final Geography US = new Geography("us");
  private static final Site HOME =
      new Site(
          new SiteId("home"), new ProviderId("microsoft"), Site.Role.HOME, US, null, Duration.ZERO);

  private final Gateway gateway;
  private final BlockingQueue<RequestRecord> ended = new LinkedBlockingQueue<>();
  private final AtomicReference<Snapshot> inForce;

  private TestHub(HubPlan plan) throws IOException, InterruptedException {
    inForce = new AtomicReference<>(snapshot(plan, 0, null));
    gateway = new Gateway(plan.config(), inForce, ended::add, null, plan.tls());
  }

  static TestHub start(HubPlan plan) throws IOException, InterruptedException {
    return new TestHub(plan);
  }

  /** In front of providers that listen on these ports. */
  static TestHub before(int... providerPorts) throws IOException, InterruptedException {
    return start(HubPlan.before(providerPorts));
  }

  static TestHub with(GatewayConfig config, int... providerPorts)
      throws IOException, InterruptedException {
    return start(HubPlan.before(providerPorts).with(config));
  }

  /** In front of one of each dialect, in this order. */
  static TestHub beforeMixed(List<String> dialects, int... providerPorts)
      throws IOException, InterruptedException {
    return start(HubPlan.before(providerPorts).speaking(dialects.toArray(String[]::new)));
  }

  /** Under a contract. */
  static TestHub under(Contract contract, int... providerPorts)
      throws IOException, InterruptedException {
    return start(HubPlan.before(providerPorts).under(contract));
  }

  /** In front of a provider that takes one request at a time. */
  static TestHub beforeNarrow(int providerPort) throws IOException, InterruptedException {
    return start(HubPlan.before(providerPort).with(new Capacity.OnDemand(1)));
  }

  /** One that soon takes a stream that stands still for broken. */
  static TestHub impatientBefore(int providerPort) throws IOException, InterruptedException {
    return start(HubPlan.before(providerPort).stallingWithin(IMPATIENCE));
  }

  /** The defaults, but one loop and this little memory. */
  static GatewayConfig small(int maxBodyBytes, long bodyMemoryBytes) {
    return GatewayPlan.usual().bodies(maxBodyBytes, bodyMemoryBytes).config();
  }

  /** The defaults over this transport. */
  static GatewayConfig over(GatewayConfig.Transport transport) {
    return GatewayPlan.usual().over(transport).config();
  }

  /** The defaults, but clients have this long to send a request, and to send or take anything. */
  static GatewayConfig hasty(Duration requestWithin, Duration idleWithin) {
    return GatewayPlan.usual().within(requestWithin, idleWithin).config();
  }

  /** The defaults, over TLS. */
  static GatewayConfig secured(GatewayConfig.Tls tls) {
    return GatewayPlan.on("localhost").secured(tls).config();
  }

  /**
   * Another configuration.
   *
   * @param added so many of its places are new and stand first; the others are those there were
   */
  void reload(HubPlan plan, int added) {
    inForce.set(snapshot(plan, added, inForce.get()));
  }

  /** The configuration in force; another may be put there. */
  AtomicReference<Snapshot> inForce() {
    return inForce;
  }

  int port() {
    return gateway.port();
  }

  Gateway gateway() {
    return gateway;
  }

  ContinuationMemory continuations() {
    return gateway.continuations();
  }

  /** The next request that is over; throws if none is within 10 s. */
  RequestRecord nextEnded() throws InterruptedException {
    @Nullable RequestRecord request = ended.poll(10, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request ended within 10 s");
    }
    return request;
  }

  /** Forgets the requests that are over; how many those were. */
  int forgetEnded() {
    return ended.drainTo(new ArrayList<>());
  }

  /** Requests that wait for room. */
  int waiting() {
    return dispatcher().waiting();
  }

  /** Attempts that are reserved and not over, at all deployments. */
  int inFlight() {
    return IntStream.range(0, inForce.get().topology().deployments().size())
        .map(each -> dispatcher().status(each, System.nanoTime()).inFlight())
        .sum();
  }

  /** How a deployment is doing; 0 is home. */
  DeploymentStatus status(int deployment) {
    return dispatcher().status(deployment, System.nanoTime());
  }

  /** The engines of a deployment say how they are. */
  void report(int deployment, EngineReport report) {
    dispatcher().report(deployment, report, System.nanoTime());
    gateway.roomMayBeFree();
  }

  @Override
  public void close() {
    gateway.close();
  }

  private Dispatcher dispatcher() {
    return inForce.get().dispatcher();
  }

  private static Snapshot snapshot(HubPlan plan, int added, @Nullable Snapshot before) {
    List<Deployment> deployments = new ArrayList<>();
    List<Upstream> upstreams = new ArrayList<>();
    for (Place place : plan.places()) {
      int number = deployments.size();
      String name = number < added ? "added-" + number : "chat-" + (number - added);
      Deployment deployment = deployment(name, number, place);
      deployments.add(deployment);
      upstreams.add(upstream(deployment.id(), place));
    }
    Topology topology = new Topology(new PlatformId("azure-ai"), List.of(HOME), deployments);
    List<Tenant> tenants =
        List.of(tenant("team-a", plan.limits()), tenant("team-b", plan.limits()));
    CompiledPolicy policy = policy(topology, tenants, plan.contract());
    LiveDispatcher dispatcher =
        before == null
            ? new LiveDispatcher(topology, tenants, policy, plan.tuning())
            : ((LiveDispatcher) before.dispatcher())
                .successor(topology, tenants, policy, plan.tuning(), Changes.NONE);
    return new Snapshot(
        before == null ? 1 : before.version() + 1,
        0,
        topology,
        dispatcher,
        upstreams,
        new KeyDirectory(
            Map.of(
                KeyDirectory.sha256(Requests.KEY),
                grant(tenants.getFirst()),
                KeyDirectory.sha256(Requests.OTHER_KEY),
                grant(tenants.getLast()))),
        Map.of(),
        Map.of(MODEL.value(), MODEL),
        Map.of(),
        plan.streamedForWhole(),
        new Offers(deployments, upstreams),
        new KeptResponses(SECRET, deployments.stream().map(Deployment::id).toList()),
        FactSealer.NONE);
  }

  private static Tenant tenant(String id, TenantLimits limits) {
    return new Tenant(
        new TenantId(id),
        List.of(WorkloadClass.ONLINE_INFERENCE),
        Priority.NORMAL,
        List.of(),
        List.of(),
        List.of(),
        limits);
  }

  private static Grant grant(Tenant tenant) {
    return new Grant(tenant, tenant.classes(), "salt of " + tenant.id());
  }

  private static CompiledPolicy policy(Topology topology, List<Tenant> tenants, Contract contract) {
    return switch (PolicyCompiler.compile(topology, tenants, contract, 0)) {
      case Compilation.Compiled compiled -> compiled.policy();
      case Compilation.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  private static Deployment deployment(String name, int number, Place place) {
    long price = number * 1_000_000_000L;
    return new Deployment(
        new DeploymentId(name),
        HOME,
        MODEL,
        null,
        place.capacity(),
        new Price(price, price, price, 0),
        new Speed(20, 12_000, 17, 0.1),
        place.contextTokens());
  }

  private static Upstream upstream(DeploymentId deployment, Place place) {
    return new Upstream(
        deployment,
        endpoint(place),
        new UpstreamTarget("/v1", MODEL.value(), null, UpstreamTarget.EngineOrder.ARRIVAL),
        Dialects.named(place.dialect()),
        new Credential("sk-of-the-hub"));
  }

  /** Certificates are made out to names. */
  private static Endpoint endpoint(Place place) {
    String host = place.security() == Endpoint.Security.TLS ? "localhost" : "127.0.0.1";
    return new Endpoint(host, place.port(), place.security());
  }
}
