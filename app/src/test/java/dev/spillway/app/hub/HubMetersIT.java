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
  private static final int NOBODY = 9;

  @TempDir private Path folder = Path.of("");

  @Test
  void showsLinesOfTheRequestLogThatWereDropped() throws Exception {
    String config = HubYaml.of(NOBODY, "{command: [echo, key]}");
    try (RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1);
        Hub hub = Hub.start(folder.resolve("spillway.yaml"), config.getBytes(UTF_8), log);
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
