package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHAT;
import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.WorkloadClass;
import dev.spillway.gateway.tunnel.LinkStatus;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.identity.IdentityFolder;
import dev.spillway.site.tunnel.HubLinks;
import dev.spillway.testkit.Relay;
import dev.spillway.wire.link.BundleJson;
import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.SignedBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network does to links: silence without an end, and cuts. */
class LinkFaultIT {
  private static final Duration NOTICED = Duration.ofSeconds(4);

  @TempDir Path folder;
  private TestSite hub;
  private Relay relay;
  private SiteAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    LiveEngine engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    hub.keep(engine::close);
    relay = Relay.to(hub.port());
    hub.keep(relay::close);
    agent =
        hub.agent(
            hub.join(),
            "agent",
            Clock.systemUTC(),
            new HubAddress("127.0.0.1", relay.port()),
            engine.port());
    until("the site is online", hub::isOnline);
    until("all connections are up", () -> connections() == 4);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void closesAConnectionThatIsSilentAndServesOverTheOthers() throws Exception {
    List<Received> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      running.add(hub.chat(600));
    }
    until("all have content", () -> running.stream().allMatch(each -> each.bytes() > 0));

    relay.silence(1); // the first is the control connection
    long silent = System.nanoTime();

    until("it is closed", NOTICED, () -> running.stream().anyMatch(Received::isOver));
    assertThat(Duration.ofNanos(System.nanoTime() - silent)).isLessThanOrEqualTo(NOTICED);
    assertThat(hub.links.isOnline(CHICAGO, CHAT)).isTrue();
    assertThat(hub.chat(2).text()).endsWith("data: [DONE]\n\n");
    long whole = 0;
    for (Received each : running) {
      whole += each.text().endsWith("data: [DONE]\n\n") ? 1 : 0;
    }
    assertThat(whole).isBetween(4L, 7L);
    until("another took its place", () -> connections() == 4);
  }

  @Test
  void knowsWithinFourSecondsThatASiteIsCutOff() {
    relay.cut();

    until("the site is offline", NOTICED, () -> !hub.links.isOnline(CHICAGO, CHAT));
    until("nothing of it is left", Duration.ofSeconds(6), () -> hub.links.status().isEmpty());
  }

  /** Its connections for requests stay: it is the same agent all the time. */
  @Test
  void isToldWhatWasSaidWhileItsControlConnectionWasDown() {
    HubAddress replica = new HubAddress("127.0.0.1", 1);
    long version = agent.status().bundleVersion();
    relay.silence(0);
    until("it is down", NOTICED, () -> hub.links.status().stream().noneMatch(LinkStatus::control));

    hub.links.announce(List.of(new HubAddress("127.0.0.1", relay.port()), replica));
    hub.links.sendBundles();

    until("it knows the replica", () -> hubs().contains(replica.toString()));
    until("it keeps both, as its last act", () -> keeps(replica) && keptVersion() > version);
  }

  /** The hub notices before the agent does, which then dials another. */
  @Test
  void servesAllTheTimeThoughItsControlConnectionFellSilent() throws Exception {
    relay.silence(0);

    until(
        "it is down",
        NOTICED,
        () -> isOnlineAnd(hub.links.status().stream().noneMatch(LinkStatus::control)));
    assertThat(hub.chat(2).text()).endsWith("data: [DONE]\n\n");
    until(
        "another took its place",
        NOTICED,
        () -> isOnlineAnd(hub.links.status().stream().allMatch(LinkStatus::control)));
  }

  private boolean isOnlineAnd(boolean holds) {
    assertThat(hub.links.isOnline(CHICAGO, CHAT)).as("online").isTrue();
    return holds;
  }

  @Test
  void isBackWithinFiveSecondsOfTheNetworkAfterAShortCut() throws Exception {
    relay.cut();
    until("the site is offline", NOTICED, () -> !hub.links.isOnline(CHICAGO, CHAT));
    until(
        "both ends know",
        Duration.ofSeconds(8),
        () -> agent.status().hubs().stream().noneMatch(each -> each.control()));

    relay.mend();

    until("the site is back", Duration.ofSeconds(5), hub::isOnline);
    assertThat(hub.chat(2).text()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void missesNoHeartbeatWhileALargeRequestGoesOverIt() {
    byte[] json = new byte[64 << 20];
    Arrays.fill(json, (byte) ' ');
    String facts = hub.facts(TestSite.CHATGPT, WorkloadClass.ONLINE_INFERENCE, MODEL, "r-1");
    AtomicLong oldest = new AtomicLong();

    Received large = hub.send(hub.loops.next(), facts, json, 10, 60_000_000);

    until(
        "it is answered",
        Duration.ofSeconds(30),
        () -> {
          hub.links
              .status()
              .forEach(each -> oldest.accumulateAndGet(each.heartbeatAgeMillis(), Math::max));
          return large.isOver();
        });
    assertThat(oldest.get()).isLessThan(2_000);
  }

  @Test
  void servesOneWhoReadsBesideManyWhoDoNot() throws Exception {
    List<Received> slow = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Received each = hub.chat(200);
      each.pause();
      slow.add(each);
    }
    until("they are there", () -> agent.status().requests() == slow.size());

    Received fast = hub.chat(5);

    until("it is answered", Duration.ofSeconds(5), fast::isOver);
    assertThat(fast.text()).endsWith("data: [DONE]\n\n");
    slow.forEach(Received::cancel);
    until("all are gone", () -> agent.status().requests() == 0);
  }

  private boolean keeps(HubAddress replica) {
    try {
      return kept().hubs().announced().values().stream().anyMatch(each -> each.contains(replica));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long keptVersion() {
    try {
      SignedBundle bundle = SignedBundle.decode(kept().bundle().orElseThrow()).orElseThrow();
      return BundleJson.read(bundle.payload()).version();
    } catch (IOException | MalformedMessage e) {
      throw new AssertionError("what the agent keeps cannot be read", e);
    }
  }

  private IdentityFolder kept() throws IOException {
    return IdentityFolder.in(folder.resolve("agent"));
  }

  private List<String> hubs() {
    return agent.status().hubs().stream().map(HubLinks.View::hub).toList();
  }

  private int connections() {
    return hub.links.status().stream().mapToInt(each -> each.connections()).sum();
  }
}
