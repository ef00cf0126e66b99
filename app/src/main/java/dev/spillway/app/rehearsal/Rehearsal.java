package dev.spillway.app.rehearsal;

import dev.spillway.app.hub.Hub;
import dev.spillway.app.hub.RotationWatch;
import dev.spillway.app.replay.Replay;
import dev.spillway.app.replay.ReplayTarget;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.core.model.ModelName;
import dev.spillway.gateway.RequestLog;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.StepTime;
import dev.spillway.simulator.live.LiveEngine;
import dev.spillway.simulator.live.LiveEngineConfig;
import dev.spillway.simulator.report.Outcome;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A hub between clients and engines that are all in this process and in a hurry: some hundred
 * answers, whole and streamed, in a second or two.
 *
 * <p>Run with {@code -XX:AOTCacheOutput}, it gives the JVM what a later start finds in its cache:
 * the classes, read and linked (JEP 483). It is the path of a real hub, file, ports, pages and log,
 * since only what runs here is recorded.
 */
public final class Rehearsal {
  private static final String CONFIG = "/rehearsal/spillway.yaml";
  private static final String KEY = "sk-rehearsal";
  private static final String MODEL = "chat";
  private static final int CLIENTS = 16;
  private static final int WHOLE_A_CLIENT = 25;
  private static final int STREAMED = 200;
  private static final long STREAM_EVERY_NANOS = 2_000_000;
  private static final int QUEUED_FOR_LOG = 10_000;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final EngineProfile IN_A_HURRY =
      EngineCatalog.H100X4_70B.withStepTime(new StepTime(200, 0.01, 0, 0.1, 0));

  private Rehearsal() {}

  /**
   * How many requests were answered.
   *
   * @param whole in one piece
   * @param streamed in events
   * @param asked of both kinds together
   */
  public record Answered(int whole, int streamed, int asked) {
    /** Whether none was left without. */
    public boolean all() {
      return whole + streamed == asked;
    }
  }

  /**
   * Plays it; blocks for some seconds.
   *
   * @throws IOException if a port cannot be had
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static Answered play() throws IOException, InterruptedException {
    try (LiveEngine home = LiveEngine.start(engine());
        LiveEngine partner = LiveEngine.start(engine());
        RequestLog log = new RequestLog(OutputStream.nullOutputStream(), QUEUED_FOR_LOG);
        Hub hub = Hub.start(Path.of("rehearsal.yaml"), config(home, partner), log);
        RotationWatch _ = new RotationWatch(hub, LOOK_EVERY)) {
      askOperators(URI.create("http://127.0.0.1:" + hub.adminPort()));
      URI base = URI.create("http://127.0.0.1:" + hub.dataPort() + "/v1");
      int whole = askWhole(URI.create(base + "/chat/completions"));
      return new Answered(whole, askStreamed(base), CLIENTS * WHOLE_A_CLIENT + STREAMED);
    } catch (InvalidFileException e) {
      throw new IllegalStateException("the configuration to rehearse with was refused", e);
    }
  }

  private static void askOperators(URI pages) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String page : List.of("/readyz", "/healthz", "/metrics", "/api/deployments")) {
        HttpRequest request = HttpRequest.newBuilder(pages.resolve(page)).build();
        http.send(request, BodyHandlers.discarding());
      }
    }
  }

  private static int askWhole(URI chat) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(chat)
            .header("authorization", "Bearer " + KEY)
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"model":"chat","max_tokens":8,"messages":[{"role":"user","content":"%s"}]}\
                    """
                        .formatted("Open the gate. ".repeat(100))))
            .build();
    int answered = 0;
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(() -> ask(http, request));
      }
      for (Future<Integer> each : threads.invokeAll(clients)) {
        answered += each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client of the rehearsal failed", e);
    }
    return answered;
  }

  private static int ask(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    int answered = 0;
    for (int i = 0; i < WHOLE_A_CLIENT; i++) {
      if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
        answered++;
      }
    }
    return answered;
  }

  private static int askStreamed(URI base) throws InterruptedException {
    List<TraceRequest> load = new ArrayList<>();
    for (int i = 0; i < STREAMED; i++) {
      load.add(new TraceRequest(i * STREAM_EVERY_NANOS, 300, 20 + i % 40, List.of()));
    }
    Replay replay = new Replay(new ReplayTarget(base, KEY, MODEL), new Replay.Quiet());
    List<Outcome> outcomes = replay.run(load);
    return (int) outcomes.stream().filter(each -> each.kind() == Outcome.Kind.WHOLE).count();
  }

  private static LiveEngineConfig engine() {
    return LiveEngineConfig.of(new ModelName(MODEL), IN_A_HURRY).withReplicas(8);
  }

  private static byte[] config(LiveEngine home, LiveEngine partner) throws IOException {
    try (InputStream file = Rehearsal.class.getResourceAsStream(CONFIG)) {
      if (file == null) {
        throw new IOException(CONFIG + ": not in this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .replace("${HOME_URL}", "http://127.0.0.1:" + home.port())
          .replace("${PARTNER_URL}", "http://127.0.0.1:" + partner.port())
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
