package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Anthropic's messages API, from engines that speak it; and operations that few engines have. */
@ParameterizedClass
@EnumSource(Protocol.class)
class MessagesIT {
  private static final String KEY =
      "x-api-key: " + Requests.KEY + "\r\nanthropic-version: 2023-06-01";
  private static final String ASK =
      "{\"model\":\"gpt-4o\",\"max_tokens\":99,\"system\":\"Be kind\","
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String ASK_STREAMED = ASK.replace("99,", "99,\"stream\":true,");
  private static final String START =
      event("message_start", "\"message\":{\"id\":\"msg_1\",\"usage\":{\"input_tokens\":9}}");
  private static final String DELTA =
      event(
          "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}");
  private static final String STOP_REASON =
      event(
          "message_delta",
          "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}");
  private static final String STOP = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  private final Protocol protocol;

  MessagesIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void answersWithTheKeyInAnthropicsHeader() throws Exception {
    String answer =
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":"
            + "\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{"
            + "\"input_tokens\":9,\"cache_read_input_tokens\":4,\"output_tokens\":2}}";
    try (ScriptedProvider engine = new ScriptedProvider(Script.answer(200, answer));
        TestHub hub = TestHub.beforeMixed(List.of("vllm"), engine.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/messages", ASK, KEY));

      assertThat(client.receive().body()).isEqualTo(answer);
      assertThat(engine.requests().getFirst().head()).startsWith("POST /v1/messages HTTP");
      assertThat(engine.requests().getFirst().body()).contains("\"system\":\"Be kind\"");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(13, 4, 2, Usage.Source.PROVIDER));
    }
  }

  @Test
  void streamsToTheByteAndCounts() throws Exception {
    String ping = event("ping", "\"x\":1");
    Script script = Script.stream(START, ping, DELTA, STOP_REASON, STOP);
    try (ScriptedProvider engine = new ScriptedProvider(script);
        TestHub hub = TestHub.beforeMixed(List.of("vllm"), engine.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/messages", ASK_STREAMED, KEY));

      assertThat(client.receive().body()).isEqualTo(START + ping + DELTA + STOP_REASON + STOP);
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(9, 0, 2, Usage.Source.PROVIDER));
    }
  }

  @Test
  void saysInAnthropicsWordsThatAStreamIsCut() throws Exception {
    try (ScriptedProvider engine = new ScriptedProvider(Script.stream(START, DELTA));
        TestHub hub = TestHub.beforeMixed(List.of("vllm"), engine.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/messages", ASK_STREAMED, KEY));

      assertThat(client.receive().body())
          .startsWith(
              START
                  + DELTA
                  + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
    }
  }

  @Test
  void refusesInAnthropicsWords() throws Exception {
    try (ScriptedProvider engine = new ScriptedProvider(Script.answer(500, "{}"));
        TestHub hub = TestHub.beforeMixed(List.of("vllm"), engine.port());
        TestClient client = protocol.connect(hub)) {
      assertError(client, Requests.post("POST /v1/messages", ASK), 401, "authentication_error");
      assertError(
          client, Requests.post("POST /v1/messages", "{}", KEY), 400, "invalid_request_error");
      assertError(client, Requests.post("POST /v1/messages", ASK, KEY), 502, "api_error");
      assertError(
          client, Requests.post("GET /v1/messages/batches", "", KEY), 404, "not_found_error");
    }
  }

  /** As Anthropic's clients look for it; whoever else does finds it where it is everywhere. */
  @Test
  void namesTheRequestAsAnthropicDoes() throws Exception {
    try (ScriptedProvider engine =
            new ScriptedProvider(Script.stream(START, DELTA, STOP_REASON, STOP));
        TestHub hub = TestHub.beforeMixed(List.of("vllm"), engine.port());
        TestClient client = protocol.connect(hub)) {
      String mine = KEY + "\r\nx-request-id: mine";
      ReceivedMessage answer =
          client.send(Requests.post("POST /v1/messages", ASK_STREAMED, mine)).receive();
      ReceivedMessage refusal =
          client.send(Requests.post("POST /v1/messages", "{}", KEY)).receive();
      ReceivedMessage others =
          client.send(Requests.post(Requests.CHAT, "{}", AUTHORIZED)).receive();

      assertThat(answer.header("request-id")).isEqualTo("mine");
      assertThat(answer.header("x-request-id")).isEqualTo("mine");
      assertThat(refusal.header("request-id")).isEqualTo(refusal.header("x-request-id"));
      assertThat(refusal.body())
          .endsWith("},\"request_id\":\"" + refusal.header("request-id") + "\"}");
      assertThat(others.header("request-id")).isEmpty();
      assertThat(others.body()).doesNotContain("request_id");
    }
  }

  @Test
  void countsTokensWhereTheEngineDoes() throws Exception {
    try (ScriptedProvider other = new ScriptedProvider(Script.answer(500, "{}"));
        ScriptedProvider engine =
            new ScriptedProvider(Script.answer(200, "{\"input_tokens\":14}"));
        TestHub hub = TestHub.beforeMixed(List.of("openai", "vllm"), other.port(), engine.port());
        TestClient client = protocol.connect(hub)) {
      double rate = hub.status(1).prefillTokensPerSecond();

      client.send(Requests.post("POST /v1/messages/count_tokens", ASK, KEY));

      assertThat(client.receive().body()).isEqualTo("{\"input_tokens\":14}");
      assertThat(hub.nextEnded().usage()).isEqualTo(new Usage(0, 0, 0, Usage.Source.ESTIMATED));
      assertThat(hub.status(1).prefillTokensPerSecond()).isEqualTo(rate);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void saysWhichOperationNoDeploymentOfTheModelServes() throws Exception {
    try (ScriptedProvider engine = new ScriptedProvider(Script.answer(500, "{}"));
        TestHub hub = TestHub.beforeMixed(List.of("llamacpp"), engine.port());
        TestClient client = protocol.connect(hub)) {
      client.send(
          Requests.post(
              "POST /v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"a\"}", AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).contains("'gpt-4o'").contains("POST responses");
      assertThat(engine.requests()).isEmpty();
    }
  }

  @Test
  void namesWhatIsServedWhereNothingIs() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(500, "{}"));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      for (String path : List.of("files", "batches", "fine_tuning/jobs", "vector_stores")) {
        client.send(Requests.post("POST /v1/" + path, "{}", AUTHORIZED));

        ReceivedMessage answer = client.receive();
        assertThat(answer.status()).as(path).isEqualTo(404);
        assertThat(answer.body()).contains("unknown_url").contains("POST chat/completions");
      }
    }
  }

  private static void assertError(TestClient client, String request, int status, String type)
      throws Exception {
    client.send(request);
    ReceivedMessage answer = client.receive();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"");
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }
}
