package dev.spillway.app.demo;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ModelName;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.engine.ProvisionedBucket;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The engines of the story: simulated, but behind real ports, and up to a fifth faster or slower
 * than their profile, which the hub does not know.
 */
final class DemoEngines implements AutoCloseable {
  private static final double PERTURBATION = 0.2;
  private static final long SEED = 20_240_611;
  private static final int HOME_REPLICAS = 6;
  private static final int PARTNER_ENGINES = 12;
  private static final Capacity.Provisioned BOUGHT = new Capacity.Provisioned(900, 2_500, 4);

  private final LiveEngine home;
  private final List<LiveEngine> partner = new ArrayList<>();
  private final LiveEngine mini;
  private final LiveEngine xai;

  DemoEngines() throws IOException {
    home =
        LiveEngine.start(
            engine("gpt-4o")
                .withReplicas(HOME_REPLICAS)
                .behind(new LiveEngineConfig.Provisioned(BOUGHT, ProvisionedBucket.ASSUMED_DEPTH)));
    for (int i = 0; i < PARTNER_ENGINES; i++) {
      partner.add(LiveEngine.start(engine("gpt-4o").perturbedBy(PERTURBATION, SEED + i)));
    }
    mini = LiveEngine.start(engine("gpt-4o-mini"));
    xai = LiveEngine.start(engine("grok-2"));
  }

  String homeUrl() {
    return url(home);
  }

  /** Each has a port of its own: the agent next to them chooses. */
  List<String> partnerUrls() {
    return partner.stream().map(DemoEngines::url).toList();
  }

  String miniUrl() {
    return url(mini);
  }

  String xaiUrl() {
    return url(xai);
  }

  void killHome() {
    home.kill();
  }

  void restartHome() throws IOException {
    home.restart();
  }

  @Override
  public void close() {
    home.close();
    partner.forEach(LiveEngine::close);
    mini.close();
    xai.close();
  }

  private static LiveEngineConfig engine(String model) {
    return LiveEngineConfig.of(new ModelName(model), EngineCatalog.H100X4_70B)
        .perturbedBy(PERTURBATION, SEED);
  }

  private static String url(LiveEngine engine) {
    return "http://127.0.0.1:" + engine.port();
  }
}
