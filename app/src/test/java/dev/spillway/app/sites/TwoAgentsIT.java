package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.CHAT;
import static dev.spillway.app.sites.TestSite.CHICAGO;
import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.tunnel.LinkStatus;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.wire.link.Serves;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two agents of one site, one beside the other, and engines that both or one of them reach. */
class TwoAgentsIT {
  @TempDir Path folder;
  @AutoClose private TestSite hub;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
  }

  @Test
  void countsAnEngineThatBothReachOnceAndOthersEach() throws Exception {
    LiveEngine left = engine();
    LiveEngine shared = engine();
    LiveEngine right = engine();
    SiteIdentity identity = hub.join();

    SiteAgent first = hub.agent(identity, "agent", left.port(), shared.port());
    hub.agent(hub.join(), "second", shared.port(), right.port());

    until("three engines are known", () -> names().size() == 3);
    assertThat(engines()).hasSize(3);
    first.close();
    until("those of the second are left", () -> names().size() == 2);
  }

  @Test
  void addsUpWhatEachHasAtAnEngineThatBothReach() throws Exception {
    LiveEngine shared = engine();
    SiteIdentity identity = hub.join();
    hub.agent(identity, "agent", shared.port());
    hub.agent(identity, "second", shared.port());
    until("both are linked", this::bothAreLinked);

    List<Received> running = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      running.add(hub.chat(2_000));
    }

    until("all are seen at one engine", () -> engines().size() == 1 && inFlight() == 16);
    assertThat(hub.links.status())
        .as("each of them has some")
        .allMatch(each -> each.streams() > 0 && each.streams() < 16);
    running.forEach(Received::cancel);
  }

  @Test
  void tellsWhatTheEnginesOfBothServeTogether() throws Exception {
    RecordingEngine left = RecordingEngine.start();
    RecordingEngine right = RecordingEngine.start();
    hub.keep(left::close);
    hub.keep(right::close);
    left.names("gpt-4o", 32_768);
    right.names("gpt-4o", 8_192);
    SiteIdentity identity = hub.join();

    hub.agent(identity, "agent", left.port());
    until("the first serves", () -> served().equals(new Serves(32_768, List.of("gpt-4o"), 0)));
    SiteAgent second = hub.agent(hub.join(), "second", right.port());

    until("the shorter holds", () -> served().equals(new Serves(8_192, List.of("gpt-4o"), 0)));
    second.close();
    until("it is gone", () -> served().contextTokens() == 32_768);
  }

  private Serves served() {
    return hub.links.served(CHICAGO, CHAT);
  }

  private LiveEngine engine() throws Exception {
    LiveEngine engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    hub.keep(engine::close);
    return engine;
  }

  private List<ReplicaState> engines() {
    return hub.links.engines(CHICAGO, CHAT);
  }

  private Set<String> names() {
    return engines().stream()
        .map(ReplicaState::engine)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private int inFlight() {
    return engines().stream().mapToInt(ReplicaState::inFlight).sum();
  }

  private boolean bothAreLinked() {
    return hub.links.status().size() == 2
        && hub.links.status().stream().allMatch(each -> each.connections() >= 4)
        && hub.links.status().stream().allMatch(TwoAgentsIT::hasProbedItsEngine);
  }

  private static boolean hasProbedItsEngine(LinkStatus agent) {
    Heartbeat heartbeat = agent.heartbeat();
    return heartbeat != null
        && heartbeat.deployments().stream()
            .flatMap(each -> each.replicas().stream())
            .anyMatch(each -> each.probeAgeMillis() >= 0);
  }
}
