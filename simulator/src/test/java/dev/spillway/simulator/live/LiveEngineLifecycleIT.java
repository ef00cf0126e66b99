package dev.spillway.simulator.live;

import static dev.spillway.simulator.live.LiveEngineClient.CHAT;
import static dev.spillway.simulator.live.LiveEngineClient.CONFIG;
import static dev.spillway.simulator.live.LiveEngineClient.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.LeakPresenceDetector;
import java.io.BufferedReader;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How connections and the engine itself come and go. */
class LiveEngineLifecycleIT {
  private final LiveEngineClient client = new LiveEngineClient();

  @AfterEach
  void leaksNothing() {
    client.close();
    LeakPresenceDetector.check();
  }

  @Test
  void stopsWorkingForAClientThatLeft() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      BufferedReader stream =
          client.open(engine, CHAT, chat("\"stream\":true,\"max_tokens\":9000"));
      assertThat(stream.readLine()).isEqualTo("HTTP/1.1 200 OK");

      stream.close();

      client.awaitMetric(
          engine, "vllm:num_requests_running{model_name=\"sim-gpt-4o\",engine=\"0\"} 0.0");
      assertThat(client.get(engine, "/metrics").body())
          .contains("kv_cache_usage_perc{model_name=\"sim-gpt-4o\",engine=\"0\"} 0.0")
          .contains("finished_reason=\"abort\"} 1");
    }
  }

  @Test
  void killedItResetsStreamsAndRefusesUntilRestartedOnItsPort() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      int port = engine.port();
      BufferedReader stream =
          client.open(engine, CHAT, chat("\"stream\":true,\"max_tokens\":9000"));
      assertThat(stream.readLine()).isEqualTo("HTTP/1.1 200 OK");

      engine.kill();

      assertThatThrownBy(() -> stream.lines().forEach(line -> {}))
          .hasRootCauseInstanceOf(SocketException.class);
      assertThatThrownBy(() -> client.get(engine, "/health")).isInstanceOf(ConnectException.class);
      engine.restart();
      assertThat(engine.port()).isEqualTo(port);
      assertThat(client.get(engine, "/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void closingLetsAnswersEnd() throws Exception {
    LiveEngine engine = LiveEngine.start(CONFIG);
    BufferedReader stream = client.open(engine, CHAT, chat("\"stream\":true,\"max_tokens\":100"));
    assertThat(stream.readLine()).isEqualTo("HTTP/1.1 200 OK");

    engine.close();

    assertThat(stream.lines()).contains("data: [DONE]");
  }

  @Test
  void answersRequestsThatCameTogetherInTheirOrder() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      BufferedReader answers =
          client.open(
              engine,
              List.of(
                  LiveEngineClient.request(CHAT, chat("\"max_tokens\":30"), "x-request-id: one"),
                  LiveEngineClient.request(
                      CHAT, chat("\"max_tokens\":1"), "x-request-id: two\r\nConnection: close")));

      assertThat(answers.lines().filter(line -> line.startsWith("x-request-id")))
          .containsExactly("x-request-id: one", "x-request-id: two");
    }
  }

  @Test
  void takesTheTimeThatTheModelSays() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      client.post(engine, CHAT, chat("\"max_tokens\":1"));
      long start = System.nanoTime();

      client.post(engine, CHAT, chat("\"max_tokens\":100"));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("100 iterations of a little over 2 ms")
          .isBetween(Duration.ofMillis(200), Duration.ofMillis(600));
    }
  }
}
