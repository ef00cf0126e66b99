package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.app.HubRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is told to stop again, while an answer is open that would take minutes. */
class StoppedTwiceIT {
  private static final String ASK =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String FIRST =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
      "delta":{"role":"assistant","content":"Well"},"finish_reason":null}]}

      """;

  private static final String KEYS =
      "{sha256: f3abf2a6cc4f00987743db5f544ba345b4899ae31f326d8ee9c4816de153c9e0}";

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer engine;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.setExecutor(threads);
    engine.createContext("/", this::begin);
    engine.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    engine.stop(0);
    threads.shutdownNow();
  }

  @Test
  void endsOpenAnswersWithAnErrorAndStops() throws Exception {
    Path config = folder.resolve("spillway.yaml");
    int port = engine.getAddress().getPort();
    Files.writeString(config, HubYaml.of(port, KEYS, "limits: {drain-within: 10m}"));
    HubProcess hub = HubProcess.serve(config);
    try (HttpClient client = HttpClient.newHttpClient()) {
      int dataPort = hub.awaitDataPort();
      var answer =
          client.send(
              HubRequest.to(dataPort, "POST", HubRequest.CHAT, ASK), BodyHandlers.ofInputStream());
      try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
        assertThat(lines.readLine()).contains("Well");

        hub.process().destroy(); // SIGTERM
        hub.awaitWords("stopping: ");
        assertThat(hub.process().waitFor(1, SECONDS)).as("it waits for the answer").isFalse();
        hub.process().destroy();

        assertThat(lines.lines().toList()).contains("event: error").doesNotContain("data: [DONE]");
      }
      assertThat(hub.process().waitFor(30, SECONDS)).isTrue();
      assertThat(hub.words()).contains("told again to stop: ", "stopped");
      assertThat(hub.process().exitValue()).isZero();
    } finally {
      hub.process().destroyForcibly();
    }
  }

  /** Begins an answer, and goes on when the test is over. */
  private void begin(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("content-type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(FIRST.getBytes(UTF_8));
      exchange.getResponseBody().flush();
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the test is over
    }
  }
}
