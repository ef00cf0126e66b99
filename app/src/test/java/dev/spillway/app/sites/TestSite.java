package dev.spillway.app.sites;

import dev.spillway.control.sites.Bundles;
import dev.spillway.control.sites.Enrolment;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.control.sites.SiteDesk;
import dev.spillway.control.sites.SiteKeys;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.seal.Facts;
import dev.spillway.core.seal.Seal;
import dev.spillway.gateway.tunnel.LinkConfig;
import dev.spillway.gateway.tunnel.LinkListener;
import dev.spillway.gateway.tunnel.LinkOwner;
import dev.spillway.gateway.tunnel.LinkRequest;
import dev.spillway.gateway.tunnel.SiteLinks;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.SiteNote;
import dev.spillway.providers.Capacities;
import dev.spillway.providers.Discovery;
import dev.spillway.providers.metrics.EnginePages;
import dev.spillway.providers.models.ModelPages;
import dev.spillway.site.AgentConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.identity.HubDoors;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.relay.Service;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The hub's end of links over real sockets, and agents that dial it. */
final class TestSite implements AutoCloseable {
  static final SiteId CHICAGO = new SiteId("oci-chicago");
  static final ProviderId ORACLE = new ProviderId("oracle");
  static final DeploymentId CHAT = new DeploymentId("chat-oci");
  static final ModelName MODEL = new ModelName("gpt-4o");
  static final TenantId CHATGPT = new TenantId("chatgpt");
  static final TenantId RIVAL = new TenantId("rival");

  private static final double PREFILL_TOKENS_PER_SECOND = 10_000;

  final FileSiteStore store;
  final SiteKeys keys;
  final Enrolment enrolment;
  final Bundles bundles;
  final SiteDesk desk;
  final EventLoopGroup loops;
  final SiteLinks links;
  LinkListener listener;
  volatile @Nullable SignedBundle insteadOfBundles;
  volatile @Nullable Supplier<byte[]> insteadOfEnrolment;
  private final AtomicLong laterNanos = new AtomicLong();
  private final Path folder;
  private final List<Runnable> opened = new ArrayList<>();
  private final String host;
  private final LinkConfig.Limits limits;
  private int port;

  TestSite(Path folder) throws Exception {
    this(folder, Enrolment.Terms.DEFAULT);
  }

  TestSite(Path folder, Enrolment.Terms terms) throws Exception {
    this(folder, terms, "127.0.0.1", 0, LinkConfig.Limits.DEFAULT);
  }

  /** Where agents on other machines can reach it. */
  TestSite(Path folder, String host, int port) throws Exception {
    this(folder, Enrolment.Terms.DEFAULT, host, port, LinkConfig.Limits.DEFAULT);
  }

  TestSite(Path folder, LinkConfig.Limits limits) throws Exception {
    this(folder, Enrolment.Terms.DEFAULT, "127.0.0.1", 0, limits);
  }

  private TestSite(
      Path folder, Enrolment.Terms terms, String host, int port, LinkConfig.Limits limits)
      throws Exception {
    this.limits = limits;
    this.folder = folder;
    this.host = host;
    this.port = port;
    store = FileSiteStore.in(folder.resolve("links"));
    keys = SiteKeys.of(store, null, Instant.now());
    enrolment = new Enrolment(store, keys, terms, Clock.systemUTC());
    bundles = new Bundles(keys, Duration.ofHours(1), Clock.systemUTC());
    putInForce(Contract.EMPTY);
    desk = new SiteDesk(store, enrolment, bundles);
    loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    links = new SiteLinks(new Owner(), () -> System.nanoTime() + laterNanos.get());
    desk.tell(links::recheck);
    listener = listen();
    this.port = listener.port();
  }

  void putInForce(Contract contract) {
    List<Tenant> tenants = List.of(TestPartner.tenant(CHATGPT), TestPartner.tenant(RIVAL));
    bundles.put(new Bundles.InForce(TestPartner.topology(), tenants, contract, "c1"));
  }

  /** To its links it is later by so much. */
  void passes(Duration time) {
    laterNanos.addAndGet(time.toNanos());
  }

  /** Gives agents a bundle from half an hour ago, whatever they hold. */
  void rollBack() {
    Bundles old =
        new Bundles(
            keys, Duration.ofHours(1), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-30)));
    old.put(
        new Bundles.InForce(
            TestPartner.topology(), List.of(TestPartner.tenant(CHATGPT)), Contract.EMPTY, "c0"));
    insteadOfBundles = old.bundle(CHICAGO, List.of(), 0);
    links.sendBundles();
    insteadOfBundles = null;
  }

  /** Stops to listen, and closes all links: the hub is dead. */
  void killHub() {
    listener.stopListening().syncUninterruptibly();
    listener.closeLinks();
  }

  void restartHub() {
    listener = listen();
  }

  HubAddress address() {
    return new HubAddress("127.0.0.1", port);
  }

  int port() {
    return port;
  }

  JoinToken token() throws Exception {
    return enrolment.token(CHICAGO, ORACLE, List.of());
  }

  SiteIdentity join() throws Exception {
    return new HubDoors(() -> List.of(address()), null, Clock.systemUTC())
        .join(token(), CHICAGO, newKey());
  }

  static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  SiteAgent agent(SiteIdentity identity, String name, int... enginePorts) throws Exception {
    return agent(identity, name, Clock.systemUTC(), address(), enginePorts);
  }

  SiteAgent agent(
      SiteIdentity identity, String name, Clock clock, HubAddress hub, int... enginePorts)
      throws Exception {
    List<AgentConfig.Engine> engines = new ArrayList<>();
    for (int each : enginePorts) {
      URI url = URI.create("http://127.0.0.1:" + each);
      EnginePages pages =
          new EnginePages(List.of(url.resolve("/metrics")), 64, Duration.ofSeconds(1));
      ModelPages models = new ModelPages(url.resolve("/v1/models"), url, Duration.ofSeconds(1));
      engines.add(
          new AgentConfig.Engine(
              EngineAddress.of(url),
              Capacities.of("vllm", pages).orElseThrow(),
              Discovery.of("vllm", models)));
    }
    AgentConfig config =
        new AgentConfig(
            List.of(hub),
            null,
            Map.of(CHAT, new AgentConfig.Deployment(engines, PREFILL_TOKENS_PER_SECOND)),
            new Service.Limits(1_000, 256L << 20),
            2);
    IdentityFolder state = IdentityFolder.in(folder.resolve(name));
    state.save(identity);
    SiteAgent agent = SiteAgent.start(config, state, new AtomicReference<>(identity), clock);
    opened.add(agent::close);
    return agent;
  }

  void keep(Runnable closed) {
    opened.add(closed);
  }

  boolean isOnline() {
    return links.isOnline(CHICAGO, CHAT)
        && links.status().stream().anyMatch(each -> each.connections() > 0)
        && links.status().stream()
            .anyMatch(each -> each.heartbeat() != null && each.heartbeat().bundleVersion() > 0);
  }

  /** Sends a streamed chat request, with its facts sealed as they should be. */
  Received chat(int outputTokens) {
    return chat(outputTokens, loops.next());
  }

  Received chat(int outputTokens, EventLoop caller) {
    return send(caller, facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, "r-1"), outputTokens);
  }

  String facts(TenantId tenant, WorkloadClass workload, ModelName model, String requestId) {
    Ask ask = new Ask(tenant, workload, model, List.of());
    return sealed(new Facts(ask, "c1", requestId, Instant.now().getEpochSecond()), CHICAGO);
  }

  /** As a hub would, whatever they say. */
  String sealed(Facts facts, SiteId site) {
    return Seal.forSite(Seal.of(facts, keys.seal()), keys.seal(), site, CHAT);
  }

  Received send(EventLoop caller, String facts, int outputTokens) {
    String json =
        """
        {"model":"gpt-4o","stream":true,"max_tokens":%d,
         "messages":[{"role":"user","content":"Say something long."}]}\
        """
            .formatted(outputTokens);
    return send(caller, facts, json.getBytes(StandardCharsets.UTF_8), 10, 60_000_000);
  }

  Received send(
      EventLoop caller, String facts, byte[] json, long inputTokens, long expectedQueueMicros) {
    boolean stream = new String(json, StandardCharsets.UTF_8).contains("\"stream\":true");
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set("content-type", "application/json")
            .set("accept", stream ? "text/event-stream" : "application/json")
            .set("x-request-id", "r-1");
    AttemptRequest request =
        new AttemptRequest(
            HttpMethod.POST,
            "/v1/chat/completions",
            headers,
            Unpooled.wrappedBuffer(json),
            SiteNote.NONE);
    Received received = new Received(caller);
    LinkRequest over =
        new LinkRequest(CHICAGO, CHAT, request, facts, inputTokens, expectedQueueMicros, "");
    received.attemptIs(links.open(caller, over, received));
    return received;
  }

  /** Waits for it, at most ten seconds. */
  static void until(String what, BooleanSupplier holds) {
    until(what, Duration.ofSeconds(10), holds);
  }

  static void until(String what, Duration within, BooleanSupplier holds) {
    long end = System.nanoTime() + within.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + within + ": " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    opened.reversed().forEach(Runnable::run);
    killHub();
    desk.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private LinkListener listen() {
    var hub = keys.authority().hub(Instant.now());
    LinkListener fresh =
        LinkListener.start(
            loops,
            EpollServerSocketChannel.class,
            new LinkConfig(host, port, hub.key(), hub.certificate(), hub.authority(), limits),
            links);
    fresh.bound().syncUninterruptibly();
    return fresh;
  }

  private final class Owner implements LinkOwner {
    @Override
    public boolean admits(SiteId site, String keyId) {
      return desk.admits(site, keyId);
    }

    @Override
    public @Nullable SignedBundle bundle(SiteId site, String keyId, long held) {
      SignedBundle instead = insteadOfBundles;
      return instead == null ? desk.bundle(site, keyId, held) : instead;
    }

    @Override
    public String sealedFor(String sealed, SiteId site, DeploymentId deployment) {
      return Seal.forSite(sealed, keys.seal(), site, deployment);
    }

    @Override
    public void heartbeat(SiteId site, Heartbeat heartbeat) {}

    @Override
    public byte[] enrol(String path, byte[] body) {
      Supplier<byte[]> instead = insteadOfEnrolment;
      return instead == null ? desk.enrol(path, body).encode() : instead.get();
    }
  }
}
