package dev.spillway.app.sites;

import static dev.spillway.app.sites.TestSite.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.model.ModelName;
import dev.spillway.gateway.auth.KeyDirectory;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.StepTime;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.site.AgentStatus;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.Pace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast a partner's engines are: measured there, believed at the hub unless it knows better. */
class CalibrationIT {
  /** Reads 1,000 tokens in a second and writes one in 30 ms: far from what any hub would guess. */
  private static final EngineProfile SLOW =
      new EngineProfile(
          "slow",
          "slow",
          "slow",
          new StepTime(30_000, 1_000, 0, 100, 0),
          64,
          8_192,
          10_000,
          100_000,
          "made up");

  private static final double READS = 1_000;
  private static final double TOLD = 7_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private LiveEngine engine;
  private RecordingEngine quiet;
  private LinkedHub linked;

  @BeforeEach
  void start() throws Exception {
    engine = LiveEngine.start(LiveEngineConfig.of(new ModelName("gpt-4o"), SLOW));
    quiet = RecordingEngine.start();
    linked = new LinkedHub(folder, config());
  }

  @AfterEach
  void stop() {
    linked.close();
    engine.close();
    quiet.close();
  }

  @Test
  void isMeasuredAtTheSiteAndBelievedAtTheHubUnlessItWasTold() throws Exception {
    assertThat(believed("chat-far")).isGreaterThan(5 * READS);

    join();

    until("it is measured", SOON, () -> !state("chat-far").pace().equals(Pace.UNKNOWN));
    Pace pace = state("chat-far").pace();
    // The machine may be busy; how exact it is, TrialsTest says, where time is exact.
    assertThat((double) pace.prefillTokensPerSecond()).isBetween(READS / 10, 3 * READS);
    assertThat(pace.decodeMicros()).isBetween(27_000L, 300_000L);
    assertThat(state("chat-told").pace()).as("of the same engine").isEqualTo(pace);
    until("the hub believes it", () -> believed("chat-far") < 4 * READS);
    assertThat(believed("chat-far"))
        .isCloseTo((double) pace.prefillTokensPerSecond(), within(READS * 0.01));
    assertThat(believed("chat-told")).isCloseTo(TOLD, within(TOLD * 0.01));
    assertThat(linked.page("http://127.0.0.1:" + linked.agent().statusPort() + "/"))
        .contains("pace          chat-far: an engine reads " + pace.prefillTokensPerSecond())
        .contains("pace          chat-quiet: not measured");
    assertThat(quiet.asked()).as("of what is not to be measured").isEmpty();
  }

  private void join() throws Exception {
    linked.join(
        """
        site: oci-chicago
        hubs: ["127.0.0.1:${port}"]
        status: 127.0.0.1:0
        deployments:
          chat-far: {engines: [{url: "http://127.0.0.1:%1$d"}]}
          chat-told: {engines: [{url: "http://127.0.0.1:%1$d"}]}
          chat-quiet: {engines: [{url: "http://127.0.0.1:%2$d"}], calibrate: false}
        """
            .formatted(engine.port(), quiet.port()));
  }

  private DeploymentState state(String deployment) {
    return linked.agent().status().deployments().stream()
        .map(AgentStatus.Served::state)
        .filter(each -> each.id().value().equals(deployment))
        .findFirst()
        .orElseThrow();
  }

  private double believed(String deployment) {
    return linked.hub().deployments().stream()
        .map(each -> each.status())
        .filter(each -> each.deployment().value().equals(deployment))
        .findFirst()
        .orElseThrow()
        .prefillTokensPerSecond();
  }

  private static String config() {
    String common =
        "site: oci-chicago, dialect: vllm, link: site-agent,"
            + " capacity: {kind: self-hosted, replicas: 1}";
    return """
    platform: azure-ai
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0", links: "127.0.0.1:0"}
    sites:
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    deployments:
      chat-far: {model: gpt-4o, %1$s}
      chat-told: {model: gpt-4o-told, speed: {base: 10ms, prefill-tokens-per-second: %2$s,
                  decode: 10ms}, %1$s}
      chat-quiet: {model: gpt-4o-quiet, %1$s}
    tenants:
      team-a: {keys: [{sha256: %3$s}]}
    """
        .formatted(common, TOLD, KeyDirectory.sha256("sk-test"));
  }
}
