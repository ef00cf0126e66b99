package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.tunnel.HubLinks;
import dev.spillway.testkit.Relay;
import dev.spillway.wire.link.HubAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas of one hub, which share a store, and an agent that was told of one of them. */
class HubReplicasIT {
  private static final HubAddress NOBODY = new HubAddress("127.0.0.1", 1);

  @TempDir Path folder;
  private TestSite told;
  private TestSite other;
  private LiveEngine engine;

  @BeforeEach
  void start() throws Exception {
    told = new TestSite(folder);
    other = new TestSite(folder);
    engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    told.keep(engine::close);
  }

  @AfterEach
  void stop() {
    told.close();
    other.close();
  }

  @Test
  void linksToEveryReplicaThatIsAnnouncedAndServesThemAll() throws Exception {
    told.links.announce(List.of(address(told), address(other)));

    SiteAgent agent = told.agent(told.join(), "agent", engine.port());

    until("both are linked", () -> told.isOnline() && other.isOnline());
    assertThat(told.chat(5).text()).endsWith("data: [DONE]\n\n");
    assertThat(other.chat(5).text()).endsWith("data: [DONE]\n\n");
    assertThat(names(agent)).containsExactly(address(told).toString(), address(other).toString());
  }

  @Test
  void leavesAReplicaThatIsAnnouncedNoLongerWhenWhatRunsThereIsOver() throws Exception {
    SiteAgent agent = linkedToBoth(told.join());
    Received running = other.chat(300);
    until("content came", () -> running.bytes() > 0);

    told.links.announce(List.of());

    until("nobody is there", () -> !other.links.isOnline(TestSite.CHICAGO, TestSite.CHAT));
    assertThat(running.isOver()).as("before what runs is over").isFalse();
    assertThat(running.text()).endsWith("data: [DONE]\n\n");
    until("no link is left", () -> other.links.status().isEmpty());
    assertThat(names(agent)).containsExactly(address(told).toString());
    assertThat(told.chat(5).text()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void knowsReplicasAfterAStartWhenTheOneItIsToldOfIsDown() throws Exception {
    SiteIdentity identity = told.join();
    SiteAgent first = linkedToBoth(identity);
    first.close();
    told.killHub();
    until("the first is gone", () -> other.links.status().isEmpty());

    told.agent(identity, "agent", engine.port());

    until("the other is linked", other::isOnline);
    assertThat(other.chat(5).text()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void dialsNobodyWhomOnlyALeftReplicaAnnounces() throws Exception {
    SiteAgent agent = linkedToBoth(told.join());
    other.links.announce(List.of(NOBODY));
    until("it is dialled", () -> names(agent).contains(NOBODY.toString()));

    told.links.announce(List.of(address(told)));

    until("one is left", () -> names(agent).equals(List.of(address(told).toString())));
  }

  @Test
  void linksARunningHubOnceWhateverItsNamesAre() throws Exception {
    HubAddress alias = new HubAddress("localhost", told.port());
    told.links.announce(List.of(alias));

    SiteAgent agent = told.agent(told.join(), "agent", engine.port());

    until(
        "the alias was tried",
        () -> agent.status().hubs().stream().anyMatch(each -> each.problem().contains("names")));
    until("it is linked", Duration.ofSeconds(10), () -> told.isOnline() && fourLinks());
    assertThat(told.chat(5).text()).endsWith("data: [DONE]\n\n");
    assertThat(told.links.status()).hasSize(1);
  }

  @Test
  void linksByAnotherNameAReplicaThatWasLeftWhileItWasDialled() throws Exception {
    try (Relay slow = Relay.to(other.port())) {
      slow.carries(1);
      told.links.announce(List.of(address(told), new HubAddress("127.0.0.1", slow.port())));
      SiteAgent agent = told.agent(told.join(), "agent", engine.port());
      until("it is dialled", () -> slow.connections() == 1);
      told.links.announce(List.of(address(told)));
      until("it is left", () -> names(agent).size() == 1);
      slow.carries(Relay.UNBOUNDED);
      until("its link came up too late", () -> slow.connections() == 0);

      told.links.announce(List.of(address(told), address(other)));

      until("it is linked", other::isOnline);
    }
  }

  private boolean fourLinks() {
    return told.links.status().stream().allMatch(each -> each.connections() == 4);
  }

  private SiteAgent linkedToBoth(SiteIdentity identity) throws Exception {
    told.links.announce(List.of(address(told), address(other)));
    SiteAgent agent = told.agent(identity, "agent", engine.port());
    until("both are linked", () -> told.isOnline() && other.isOnline());
    return agent;
  }

  private static List<String> names(SiteAgent agent) {
    return agent.status().hubs().stream().map(HubLinks.View::hub).toList();
  }

  private static HubAddress address(TestSite hub) {
    return new HubAddress("127.0.0.1", hub.port());
  }
}
