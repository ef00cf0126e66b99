package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.HubRequest;
import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.FaultyProvider;
import dev.spillway.testkit.json.JsonTree;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether an engine is asked for a stream, though the client wants its answer all at once. */
class StreamUpstreamIT {
  private static final String KEYS = "{command: [echo, sk-test]}";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Say 9 words\"}]}";

  private FaultyProvider engine;

  @BeforeEach
  void start() throws Exception {
    engine = FaultyProvider.start("engine");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void isStreamedWhereTheClassIsToBe() throws Exception {
    asksUnder("objectives: {online-inference: {stream-upstream: true}}");

    assertThat(engine.turns())
        .singleElement()
        .matches(turn -> turn.request().streams(), "asks for a stream");
  }

  @Test
  void isNotStreamedWhereAnotherClassIsToBe() throws Exception {
    asksUnder("objectives: {batch-inference: {stream-upstream: true}}");

    assertThat(engine.turns())
        .singleElement()
        .matches(turn -> !turn.request().streams(), "asks for all at once");
  }

  @Test
  void isNotStreamedUnlessSomebodySaysSo() throws Exception {
    asksUnder("objectives: {online-inference: {ttft: 1m}}");

    assertThat(engine.turns())
        .singleElement()
        .matches(turn -> !turn.request().streams(), "asks for all at once");
  }

  private void asksUnder(String objectives) throws Exception {
    byte[] config = HubYaml.of(engine.port(), KEYS, objectives).getBytes(UTF_8);
    try (Hub hub = Hub.start(Path.of("spillway.yaml"), config, _ -> {});
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HubRequest.to(hub.dataPort(), "POST", HubRequest.CHAT, ASK), BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(JsonTree.read(answer.body()).at("choices", 0, "message", "content").text())
          .isEqualTo(ChatAnswer.to(ASK).text());
    }
  }
}
