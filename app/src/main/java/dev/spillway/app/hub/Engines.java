package dev.spillway.app.hub;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.app.assembly.Generation;
import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.control.engines.EnginePoller;
import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.provider.CapacityApi;
import dev.spillway.providers.Capacities;
import dev.spillway.providers.metrics.EnginePages;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts to watch the engines of a generation. */
final class Engines {
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private Engines() {}

  /**
   * One poller for all self-hosted deployments whose engines tell their load.
   *
   * @param roomMayBeFree is told after each report; any thread
   */
  static EnginePoller watch(Generation generation, Runnable roomMayBeFree) {
    Assembly assembly = generation.assembly();
    Duration every = assembly.config().engines().pollEvery();
    Map<DeploymentId, Integer> indexes = new HashMap<>();
    Map<DeploymentId, CapacityApi> engines = new LinkedHashMap<>();
    List<Deployment> deployments = assembly.topology().deployments();
    for (int i = 0; i < deployments.size(); i++) {
      DeploymentId id = deployments.get(i).id();
      indexes.put(id, i);
      engine(deployments.get(i), assembly.said(id), every).ifPresent(api -> engines.put(id, api));
    }
    Dispatcher dispatcher = generation.dispatcher();
    return EnginePoller.start(
        engines,
        every,
        (id, report) -> {
          dispatcher.report(indexes.getOrDefault(id, 0), report, System.nanoTime());
          roomMayBeFree.run();
        });
  }

  private static Optional<CapacityApi> engine(
      Deployment deployment, DeploymentConfig said, Duration every) {
    if (!(deployment.capacity() instanceof Capacity.SelfHosted own) || said.link() != null) {
      return Optional.empty(); // a site's agent watches its own
    }
    List<URI> pages =
        said.metrics().isEmpty() ? List.of(said.address().resolve("/metrics")) : said.metrics();
    Duration within = every.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : every;
    return Capacities.of(said.dialect(), new EnginePages(pages, own.sequencesPerReplica(), within));
  }
}
