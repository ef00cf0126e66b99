package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHATGPT;
import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.seal.Facts;
import dev.spillway.gateway.tunnel.LinkRequest;
import dev.spillway.gateway.tunnel.LinkStatus;
import dev.spillway.gateway.upstream.AttemptRequest;
import dev.spillway.gateway.upstream.SiteNote;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.wire.link.BundleRefusal;
import dev.spillway.wire.link.LinkNames;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.BundlesRefused;
import dev.spillway.wire.link.SiteRefusal;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hub that sends below its own policy, by mistake: the agent refuses, both sides count it, and no
 * engine sees the request.
 */
class SiteRefusalIT {
  /** Of a queue where none was expected. */
  private static final long PUT_UP_WITH_MILLIS = 25;

  private static final long HEARTBEAT_MILLIS = 1_000;
  private static final int CHARACTERS_PER_TOKEN = 4;

  @TempDir Path folder;
  @AutoClose private TestSite hub;
  private SiteAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    LiveEngine engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    hub.keep(engine::close);
    agent = hub.agent(hub.join(), "agent", engine.port());
    until("the site is online", hub::isOnline);
  }

  @Test
  void refusesWhatNobodySealed() throws Exception {
    refused(send(""), SiteRefusal.UNSEALED);
  }

  @Test
  void refusesFactsThatWereChanged() throws Exception {
    String facts = facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL);
    char first = facts.charAt(0);

    refused(send((first == 'A' ? 'B' : 'A') + facts.substring(1)), SiteRefusal.FORGED);
  }

  @Test
  void refusesFactsThatAreLongAndKeepsTheLink() throws Exception {
    Received running = hub.chat(700);
    until("content came", () -> running.bytes() > 0);

    refused(send("A".repeat(7_000)), SiteRefusal.FORGED);

    assertThat(running.text()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void refusesFactsThatWereSealedForAnotherSite() throws Exception {
    refused(send(hub.sealed(now(), new SiteId("oci-ashburn"))), SiteRefusal.FORGED);
  }

  @Test
  void refusesTheFactsOfAnotherRequest() throws Exception {
    String others = hub.facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, "r-2");

    refused(send(others), SiteRefusal.MISPLACED);
  }

  @Test
  void refusesFactsFromLongAgo() throws Exception {
    Facts fresh = now();
    Facts old =
        new Facts(
            fresh.ask(), fresh.contract(), fresh.requestId(), fresh.atEpochSecond() - 2 * 3_600);

    refused(send(hub.sealed(old, CHICAGO)), SiteRefusal.STALE);
  }

  @Test
  void refusesAClassThatAClauseForbids() throws Exception {
    inForce(pretrainingHome());

    Received answer = send(facts(CHATGPT, WorkloadClass.PRETRAINING, MODEL));

    refused(answer, SiteRefusal.CLAUSE);
    assertThat(requireNonNull(answer.failure()).message()).contains("pretraining-home");
    assertThat(send(facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL)).failure()).isNull();
  }

  @Test
  void goesOnByTheBundleItHasWhenAnOlderOneComes() throws Exception {
    String keyId = LinkNames.keyId(agent.status().identity().certificate().getPublicKey());
    SignedBundle old = hub.desk.bundle(CHICAGO, keyId, 0);
    inForce(pretrainingHome());
    long version = agent.status().bundleVersion();

    hub.insteadOfBundles = old;
    hub.links.sendBundles();

    until("it was looked at", () -> agent.status().bundlesRefused() == 1);
    until("the hub knows", () -> hub.links.bundlesRefused() == 1);
    assertThat(agent.status().bundleVersion()).isEqualTo(version);
    assertThat(agent.status().bundleRefusals().get(BundleRefusal.ROLLED_BACK)).isEqualTo(1);
    until("the heartbeat says why", () -> saidBundles().contains(BundleRefusal.ROLLED_BACK));
  }

  @Test
  void refusesATenantOfWhomTheBundleDoesNotSpeak() throws Exception {
    refused(
        send(facts(new TenantId("xai"), WorkloadClass.ONLINE_INFERENCE, MODEL)),
        SiteRefusal.CLAUSE);
  }

  @Test
  void refusesAModelThatTheDeploymentDoesNotServe() throws Exception {
    refused(
        send(facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, new ModelName("gpt-5"))),
        SiteRefusal.CLAUSE);
  }

  @Test
  void refusesFromTheDayOnThatAClauseNames() throws Exception {
    inForce(deny("closed-since", LocalDate.now(ZoneOffset.UTC)));

    refused(send(facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL)), SiteRefusal.CLAUSE);
  }

  @Test
  void servesUntilTheDayThatAClauseNames() throws Exception {
    inForce(deny("closes-later", LocalDate.now(ZoneOffset.UTC).plusDays(2)));

    assertThat(send(facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL)).failure()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {8_000, 50_000})
  void sendsBackWhatWouldWaitLongerThanTheHubThoughtAndSaysUntilWhen(long tokens) throws Exception {
    String facts = facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL);
    byte[] longPrompt = prompt((int) tokens * CHARACTERS_PER_TOKEN);
    Received first = hub.send(hub.loops.next(), facts, longPrompt, tokens, 60_000_000);
    until("it is read", () -> queueMicros() > 0);
    long before = queueMicros();

    Received next = hub.send(hub.loops.next(), facts, prompt(10), 10, 0);

    refused(next, SiteRefusal.QUEUE);
    AttemptFailure failure = requireNonNull(next.failure());
    assertThat(failure.kind()).isEqualTo(AttemptFailure.Kind.RATE_LIMITED);
    assertThat(requireNonNull(failure.retryAfter()).toMillis())
        .isBetween(
            Math.min(HEARTBEAT_MILLIS, queueMicros() / 1_000 - PUT_UP_WITH_MILLIS),
            Math.min(HEARTBEAT_MILLIS, before / 1_000));
    first.cancel();
  }

  @Test
  void judgesWhatIsAboutAKeptResponseAsAnyOther() throws Exception {
    inForce(pretrainingHome());

    refused(kept("", ""), SiteRefusal.UNSEALED);
    refused(kept(facts(CHATGPT, WorkloadClass.PRETRAINING, MODEL), ""), SiteRefusal.CLAUSE);
  }

  @Test
  void findsNoResponseThatNoEngineOfTheDeploymentKeeps() throws Exception {
    Received answer = kept(facts(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL), "AAAAAAAA");

    assertThat(answer.failure()).isNull();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(agent.status().refusals().get(SiteRefusal.GONE)).isEqualTo(1);
    assertThat(hub.links.refusals().get(SiteRefusal.GONE)).isEqualTo(1);
  }

  private void refused(Received answer, SiteRefusal reason) throws Exception {
    assertThat(requireNonNull(answer.failure()).message()).contains(reason.label());
    assertThat(answer.bytes()).isZero();
    assertThat(agent.status().refusals().get(reason)).isEqualTo(1);
    assertThat(hub.links.refusals().get(reason)).isEqualTo(1);
  }

  private long queueMicros() {
    return agent.status().deployments().getFirst().state().replicas().getFirst().queueMicros();
  }

  private List<BundleRefusal> saidBundles() {
    return hub.links.status().stream()
        .map(LinkStatus::heartbeat)
        .filter(Objects::nonNull)
        .flatMap(each -> each.bundleRefusals().stream())
        .map(BundlesRefused::reason)
        .toList();
  }

  private static Clause pretrainingHome() {
    return new Clause.WorkloadPlacement(
        heading("pretraining-home", null),
        WorkloadClass.PRETRAINING,
        List.of(new SiteId("azure-eastus2")));
  }

  private Received send(String facts) {
    return hub.send(hub.loops.next(), facts, 2);
  }

  /** Asks for a response that is kept by the replica of this name. */
  private Received kept(String facts, String keptBy) {
    EventLoop caller = hub.loops.next();
    AttemptRequest request =
        new AttemptRequest(
            HttpMethod.GET,
            "/v1/responses/resp_1",
            new DefaultHttpHeaders().set("x-request-id", "r-1"),
            Unpooled.EMPTY_BUFFER,
            SiteNote.NONE);
    Received received = new Received(caller);
    LinkRequest over = new LinkRequest(CHICAGO, TestSite.CHAT, request, facts, 1, 0, keptBy);
    received.attemptIs(hub.links.open(caller, over, received));
    return received;
  }

  private String facts(TenantId tenant, WorkloadClass workload, ModelName model) {
    return hub.facts(tenant, workload, model, "r-1");
  }

  private static Facts now() {
    Ask ask = new Ask(CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, List.of());
    return new Facts(ask, "c1", "r-1", Instant.now().getEpochSecond());
  }

  private void inForce(Clause clause) {
    long before = agent.status().bundleVersion();
    hub.putInForce(new Contract(List.of(clause)));
    hub.links.sendBundles();
    until("the bundle is there", () -> agent.status().bundleVersion() > before);
  }

  private static Clause deny(String id, LocalDate from) {
    return new Clause.Deny(
        heading(id, from),
        List.of(),
        List.of(),
        List.of(MODEL),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Clause.Heading heading(String id, @Nullable LocalDate from) {
    return new Clause.Heading(new ClauseId(id), from, null, "a test");
  }

  private static byte[] prompt(int characters) {
    return """
    {"model":"gpt-4o","stream":true,"max_tokens":2,
     "messages":[{"role":"user","content":"%s"}]}\
    """
        .formatted("word ".repeat(characters / 5))
        .getBytes(UTF_8);
  }
}
