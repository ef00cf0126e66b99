package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.RequestLog;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub shows of itself, and of requests that nothing became of. */
class HubMetersIT {
  private static final int NOBODY = 9;
  private static final String ASK =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String LITTLE_MEMORY =
      "limits: {body: 1MiB, upload: 1MiB, body-memory: 1MiB}";

  /** Of a mebibyte so much that nobody else gets any. */
  private static final int MOST_OF_IT = 1_000_000;

  @TempDir private Path folder = Path.of("");
  private final RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1);
  private final HttpClient client = HttpClient.newHttpClient();
  private Hub hub;

  @BeforeEach
  void start() throws Exception {
    String config = HubYaml.of(NOBODY, "{command: [echo, key]}", LITTLE_MEMORY);
    hub = Hub.start(folder.resolve("spillway.yaml"), config.getBytes(UTF_8), log);
  }

  @AfterEach
  void stop() {
    client.close();
    hub.close();
    log.close();
  }

  @Test
  void showsLinesOfTheRequestLogThatWereDropped() throws Exception {
    assertThat(metrics()).contains("spillway_request_log_dropped_total 0.0");
  }

  @Test
  void countsWhoIsTurnedAwayAtTheDoor() throws Exception {
    assertThat(status("wrong", ASK.formatted("m"))).isEqualTo(401);
    assertThat(status("key", ASK.formatted("unknown"))).isEqualTo(404);
    assertThat(status("key", "{")).isEqualTo(400);
    assertThat(status("key", "{")).isEqualTo(400);

    assertThat(metrics())
        .contains("spillway_turned_away_total{kind=\"wrong_key\",status=\"401\"} 1.0\n")
        .contains("spillway_turned_away_total{kind=\"unknown_model\",status=\"404\"} 1.0\n")
        .contains("spillway_turned_away_total{kind=\"invalid_json\",status=\"400\"} 2.0\n")
        .contains("spillway_turned_away_total{kind=\"missing_key\",status=\"401\"} 0.0\n")
        .doesNotContain("spillway_requests_total{");
  }

  @Test
  void countsAnEndThatWasReachedOnlyAmongTheRequests() throws Exception {
    assertThat(status("key", ASK.formatted("m"))).isGreaterThanOrEqualTo(500);

    assertThat(metrics())
        .contains("spillway_requests_total{")
        .doesNotContainPattern("spillway_turned_away_total\\{.*} [1-9]");
  }

  @Test
  void showsWhatBodiesTakeAndWhoFoundNoRoom() throws Exception {
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), hub.dataPort())) {
      String head =
          "POST /v1/chat/completions HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer key\r\n"
              + "content-type: application/json\r\ncontent-length: "
              + (MOST_OF_IT + 1)
              + "\r\n\r\n";
      slow.getOutputStream().write((head + " ".repeat(MOST_OF_IT)).getBytes(US_ASCII));
      Until.holds("it is here", () -> bodyBytes() >= MOST_OF_IT);

      assertThat(status("key", ASK.formatted("m"))).isEqualTo(503);

      assertThat(metrics())
          .contains("spillway_body_unread_total 1.0\n")
          .contains("spillway_turned_away_total{kind=\"no_capacity\",status=\"503\"} 1.0\n");
    }
  }

  private double bodyBytes() throws Exception {
    Matcher shown = Pattern.compile("(?m)^spillway_body_memory_bytes (\\S+)$").matcher(metrics());
    assertThat(shown.find()).isTrue();
    return Double.parseDouble(shown.group(1));
  }

  private int status(String key, String body) throws Exception {
    URI chat = URI.create("http://127.0.0.1:" + hub.dataPort() + "/v1/chat/completions");
    HttpRequest request =
        HttpRequest.newBuilder(chat)
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private String metrics() throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + hub.adminPort() + "/metrics");
    return client
        .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
