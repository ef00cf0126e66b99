package dev.spillway.site.calibration;

import dev.spillway.site.calibration.Calibrator.Subject;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.engine.Replica;
import dev.spillway.site.engine.ServedDeployment;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All calibrators of an agent: one an engine, however many deployments share it. */
public final class Calibrators implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

  private final Map<EngineAddress, List<Subject>> engines = new LinkedHashMap<>();
  private final List<Calibrator> running = new ArrayList<>();
  private @Nullable HttpClient http;

  /** One more engine that is to be measured; before {@link #start}. */
  public void add(ServedDeployment deployment, Replica replica) {
    engines
        .computeIfAbsent(replica.address(), any -> new ArrayList<>())
        .add(new Subject(deployment, replica));
  }

  /** Begins to look after all that were added. */
  public void start() {
    if (engines.isEmpty()) {
      return;
    }
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();
    http = client;
    engines.forEach((engine, subjects) ->
        running.add(Calibrator.start(client, engine, subjects, Calibrator.Waits.USUAL)));
  }

  @Override
  public void close() {
    running.forEach(Calibrator::close);
    if (http != null) {
      http.shutdownNow();
    }
  }
}
