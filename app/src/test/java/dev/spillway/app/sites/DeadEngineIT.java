package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.MODEL;
import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.SiteAgent;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of a site's engines dies; having nothing to do, it would be the next for all. */
class DeadEngineIT {
  @TempDir Path folder;
  @AutoClose private TestSite hub;
  private List<LiveEngine> engines;
  private SiteAgent agent;

  @BeforeEach
  void start() throws Exception {
    hub = new TestSite(folder);
    engines = List.of(engine(), engine());
    agent = hub.agent(hub.join(), "agent", engines.getFirst().port(), engines.getLast().port());
    until("the site is online", hub::isOnline);
    until(
        "both engines are there",
        () -> replicas().stream().allMatch(each -> each.probeAgeMillis() >= 0));
  }

  @Test
  void drawsNoRequestsThatTheOtherCanServe() throws Exception {
    Received running = hub.chat(20_000);
    until("content came", () -> running.bytes() > 0);
    LiveEngine idle = engines.get(replicas().getFirst().inFlight() == 0 ? 0 : 1);

    idle.kill();
    List<Received> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      others.add(hub.chat(5));
    }

    for (Received each : others) {
      assertThat(each.text()).endsWith("data: [DONE]\n\n");
    }
    assertThat(agent.status().refusals().values()).containsOnly(0L);
    running.cancel();
  }

  /** The body that was held for another is not held any longer either. */
  @Test
  void isRefusedWhereNoOtherIsLeft() throws Exception {
    engines.forEach(LiveEngine::kill);

    assertThat(hub.chat(5).failure())
        .hasFieldOrPropertyWithValue("kind", AttemptFailure.Kind.UNREACHABLE);
    until("the request is over", () -> agent.status().requests() == 0);
  }

  private LiveEngine engine() throws IOException {
    LiveEngine engine =
        LiveEngine.start(
            LiveEngineConfig.of(MODEL, EngineCatalog.named("h100x4-70b").orElseThrow()));
    hub.keep(engine::close);
    return engine;
  }

  private List<ReplicaState> replicas() {
    return agent.status().deployments().getFirst().state().replicas();
  }
}
