package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.RequestLog;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub shows of itself beside its requests. */
class HubMetersIT {
  private static final String CONFIG =
      """
      platform: my-platform
      listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0"}
      sites:
        here: {provider: me, role: home}
      deployments:
        chat:
          site: here
          model: m
          dialect: vllm
          url: http://127.0.0.1:9
          accelerator: h100
          capacity: {kind: self-hosted, replicas: 1}
      tenants:
        demo: {keys: {command: [echo, key]}}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void showsLinesOfTheRequestLogThatWereDropped() throws Exception {
    try (RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1);
        Hub hub = Hub.start(folder.resolve("spillway.yaml"), CONFIG.getBytes(UTF_8), log);
        HttpClient client = HttpClient.newHttpClient()) {
      URI metrics = URI.create("http://127.0.0.1:" + hub.adminPort() + "/metrics");

      String page =
          client
              .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
              .body();

      assertThat(page).contains("spillway_request_log_dropped_total 0.0");
    }
  }
}
