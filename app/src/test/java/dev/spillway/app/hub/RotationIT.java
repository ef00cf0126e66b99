package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.RequestLog;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.faulty.Refusals;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of an engine that refuses our credential. */
class RotationIT {
  private static final Logger LOG = Logger.getLogger(RotationWatch.class.getName());
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Say 3 words\"}]}";

  @TempDir private Path folder = Path.of("");
  private final LogLines lines = new LogLines();
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void listen() {
    LOG.setLevel(Level.INFO);
    LOG.addHandler(lines);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(lines);
    LOG.setUseParentHandlers(true);
    LOG.setLevel(null);
    client.close();
  }

  @Test
  void alarmsTheOperatorUntilTheCredentialIsAnother() throws Exception {
    Path file = folder.resolve("spillway.yaml");
    Files.writeString(folder.resolve("key"), "sk-wrong");
    try (FaultyProvider engine = FaultyProvider.start("engine");
        RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1)) {
      engine.will(Refusals.status(401, "invalid_api_key"), Fault.NONE);
      String config =
          HubYaml.ofReachedWith("{file: key}", engine.port(), "{command: [echo, sk-tenant]}");
      Files.writeString(file, config);
      try (Hub hub = Hub.start(file, config.getBytes(UTF_8), log);
          ConfigWatch _ = new ConfigWatch(hub, file, OFTEN);
          RotationWatch _ = new RotationWatch(hub, OFTEN)) {
        assertThat(alarm(hub)).endsWith(" 0.0");

        assertThat(status(hub)).isEqualTo(502);
        assertThat(alarm(hub)).endsWith(" 1.0");
        saysNext(Level.WARNING, "deployment chat at here refuses our credential for ");

        Files.writeString(folder.resolve("key"), "sk-right");
        saysNext(Level.INFO, "deployment chat at here is in rotation again for ");
        assertThat(alarm(hub)).endsWith(" 0.0");
        assertThat(status(hub)).isEqualTo(200);
        assertThat(engine.turns().get(1).head()).contains("Bearer sk-right");
      }
    }
  }

  private void saysNext(Level level, String words) throws InterruptedException {
    LogRecord line = lines.next();
    assertThat(LogLines.text(line)).startsWith(words).doesNotContain("sk-");
    assertThat(line.getLevel()).isEqualTo(level);
  }

  private int status(Hub hub) throws Exception {
    URI chat = URI.create("http://127.0.0.1:" + hub.dataPort() + "/v1/chat/completions");
    HttpRequest request =
        HttpRequest.newBuilder(chat)
            .header("authorization", "Bearer sk-tenant")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(ASK))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** The line of the metrics page that a monitoring system would alarm by. */
  private String alarm(Hub hub) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + hub.adminPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(metrics).build();
    String page = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return page.lines()
        .filter(line -> line.startsWith("spillway_deployment_misconfigured{"))
        .filter(line -> line.contains("deployment=\"chat\""))
        .findFirst()
        .orElseThrow(() -> new AssertionError(page));
  }
}
