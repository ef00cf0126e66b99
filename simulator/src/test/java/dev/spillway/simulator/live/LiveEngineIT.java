package dev.spillway.simulator.live;

import static dev.spillway.simulator.live.LiveEngineClient.CHAT;
import static dev.spillway.simulator.live.LiveEngineClient.CONFIG;
import static dev.spillway.simulator.live.LiveEngineClient.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Capacity;
import dev.spillway.simulator.live.LiveEngineConfig.ApiKey;
import dev.spillway.simulator.live.LiveEngineConfig.Provisioned;
import io.netty.util.LeakPresenceDetector;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveEngineIT {
  private static final String NOTICE = "This answer is simulated.";

  private final LiveEngineClient client = new LiveEngineClient();

  @AfterEach
  void leaksNothing() {
    client.close();
    LeakPresenceDetector.check();
  }

  @Test
  void streamsATokenAnEventAndEndsAsPromised() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      List<String> events =
          client.events(
              engine,
              CHAT,
              chat("\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":8"));

      assertThat(events.getFirst())
          .contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"", "\"usage\":null");
      assertThat(events.getLast()).isEqualTo("[DONE]");
      assertThat(events.get(events.size() - 2))
          .contains("\"choices\":[]", "\"completion_tokens\":8,", "\"prompt_tokens\":3,");
      assertThat(events.get(events.size() - 3))
          .contains("\"delta\":{}", "\"finish_reason\":\"length\"");
      assertThat(events).as("role, 8 tokens, end, usage, [DONE]").hasSize(12);
      assertThat(content(events)).startsWith(NOTICE + " ");
      assertThat(events.stream().filter(e -> e.startsWith("{")).map(LiveEngineIT::id).distinct())
          .singleElement()
          .satisfies(id -> assertThat(id).startsWith("chatcmpl-"));
      assertThat(events.getFirst())
          .contains("\"model\":\"sim-gpt-4o\"", "\"system_fingerprint\":\"simulated\"");
    }
  }

  @Test
  void saysTheSameWholeAsStreamedAndAgain() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      String streamed =
          content(client.events(engine, CHAT, chat("\"stream\":true,\"max_tokens\":40")));
      String whole = client.post(engine, CHAT, chat("\"max_tokens\":40")).body();
      String again = client.post(engine, CHAT, chat("\"max_tokens\":40")).body();

      assertThat(content(List.of(whole))).isEqualTo(streamed).isEqualTo(content(List.of(again)));
      assertThat(whole)
          .contains(
              "\"object\":\"chat.completion\"",
              "\"refusal\":null",
              "\"logprobs\":null",
              "\"finish_reason\":\"length\"",
              "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":40,\"total_tokens\":43");
    }
  }

  @Test
  void aReplayedAnswerStopsByItselfAtItsRecordedLength() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      String own =
          client.post(engine, CHAT, chat("\"spillway_sim\":{\"output_tokens\":17}")).body();
      String limited =
          client
              .post(engine, CHAT, chat("\"max_tokens\":9,\"spillway_sim\":{\"output_tokens\":17}"))
              .body();

      assertThat(own).contains("\"completion_tokens\":17", "\"finish_reason\":\"stop\"");
      assertThat(limited).contains("\"completion_tokens\":9,", "\"finish_reason\":\"length\"");
    }
  }

  @Test
  void endsBeforeAStopText() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      String body = chat("\"max_tokens\":50,\"stop\":[\"simu\"]");

      String whole = client.post(engine, CHAT, body).body();

      assertThat(content(List.of(whole))).isEqualTo("This answer is ");
      assertThat(whole).contains("\"finish_reason\":\"stop\"", "\"completion_tokens\":4,");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"n":2} | 400 | n
          {"messages":[{"role":"user","content":"x"}]}                        | 400 | model
          {"model":"gpt-4o"}                                                  | 400 | messages
          {"model":"gpt-4o","messages":[{"content":"x"}],"max_tokens":0}      | 400 | max_tokens
          {"model":"gpt-4o","messages":[{"content":"x"}],"max_tokens":99999}  | 400 | messages
          {"model":"gpt-4o","messages":[{"content":"x"}],"stream":"yes"}      | 400 | stream
          {"model":"grok-2","messages":[{"role":"user","content":"x"}]}       | 404 | model
          """)
  void refusesByTheFieldAtFault(String body, int status, String param) throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      HttpResponse<String> response = client.post(engine, CHAT, body);

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.body())
          .startsWith("{\"error\":{\"message\":")
          .contains("\"type\":", "\"param\":\"" + param + "\"", "\"code\":");
    }
  }

  @Test
  void refusesWhatIsNoJsonAndWhatIsNowhere() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      assertThat(client.post(engine, CHAT, "{\"model\":").statusCode()).isEqualTo(400);
      assertThat(client.post(engine, "/v1/nothing", "{}").statusCode()).isEqualTo(404);
      assertThat(client.get(engine, CHAT).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void speaksAzuresClassicPathAndAsksForTheKey() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG.requiring(new ApiKey("secret")))) {
      String path = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
      String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":1}";

      assertThat(client.post(engine, path, body).statusCode()).isEqualTo(401);
      assertThat(client.post(engine, path, body, "api-key", "wrong").statusCode()).isEqualTo(401);
      assertThat(client.post(engine, path, body, "api-key", "secret").statusCode()).isEqualTo(200);
      assertThat(client.post(engine, path, body, "Authorization", "Bearer secret").statusCode())
          .isEqualTo(200);
      assertThat(
              client
                  .post(
                      engine,
                      "/openai/v1/chat/completions",
                      chat("\"max_tokens\":1"),
                      "api-key",
                      "secret")
                  .statusCode())
          .isEqualTo(200);
      assertThat(client.get(engine, "/health").statusCode())
          .as("probes have no key")
          .isEqualTo(200);
    }
  }

  @Test
  void embeddingsAreTheSameAsFloatsAndAsBase64() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      String ask = "{\"model\":\"gpt-4o\",\"input\":[\"a\",\"b\"],\"dimensions\":5";

      String floats = client.post(engine, "/v1/embeddings", ask + "}").body();
      String base64 =
          client.post(engine, "/v1/embeddings", ask + ",\"encoding_format\":\"base64\"}").body();

      String first = between(floats, "\"embedding\":[", "]");
      byte[] bytes = Base64.getDecoder().decode(between(base64, "\"embedding\":\"", "\""));
      float[] decoded = new float[5];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);
      assertThat(Arrays.toString(decoded).replace(" ", "")).isEqualTo("[" + first + "]");
      assertThat(floats).contains("\"index\":1", "\"usage\":{\"prompt_tokens\":2,");
    }
  }

  @Test
  void saysThatItIsSimulatedWhereverItIsAsked() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG)) {
      assertThat(client.get(engine, "/v1/models").body())
          .contains("[{\"id\":\"sim-gpt-4o\"", ",{\"id\":\"gpt-4o\"", "\"max_model_len\":")
          .contains("\"owned_by\":\"spillway-simulated-engine\"");
      assertThat(client.get(engine, "/v1/models").headers().firstValue("x-spillway-simulated"))
          .isPresent();
    }
  }

  @Test
  void reportsUnderVllmsNames() throws Exception {
    try (LiveEngine engine = LiveEngine.start(CONFIG.withReplicas(2))) {
      client.post(engine, CHAT, chat("\"max_tokens\":4"));

      assertThat(client.get(engine, "/metrics").body().lines())
          .contains(
              "vllm:num_requests_running{model_name=\"sim-gpt-4o\",engine=\"0\"} 0.0",
              "vllm:num_requests_waiting{model_name=\"sim-gpt-4o\",engine=\"1\"} 0.0",
              "vllm:kv_cache_usage_perc{model_name=\"sim-gpt-4o\",engine=\"0\"} 0.0",
              "vllm:prompt_tokens_total{model_name=\"sim-gpt-4o\",engine=\"0\"} 3.0",
              "vllm:generation_tokens_total{model_name=\"sim-gpt-4o\",engine=\"0\"} 4.0",
              "vllm:request_success_total{model_name=\"sim-gpt-4o\",engine=\"0\",finished_reason=\"length\"} 1",
              "vllm:time_to_first_token_seconds_count{model_name=\"sim-gpt-4o\",engine=\"0\"} 1",
              "vllm:cache_config_info{model_name=\"sim-gpt-4o\",engine=\"0\",block_size=\"16\",num_gpu_blocks=\"1000\",enable_prefix_caching=\"False\"} 1");
    }
  }

  @Test
  void aFullBucketRefusesAndSaysWhenToComeBack() throws Exception {
    var bucket = new Provisioned(new Capacity.Provisioned(1, 600, 1), Duration.ofSeconds(1));
    try (LiveEngine engine = LiveEngine.start(CONFIG.behind(bucket))) {
      assertThat(client.post(engine, CHAT, chat("\"max_tokens\":40")).statusCode()).isEqualTo(200);

      HttpResponse<String> refused = client.post(engine, CHAT, chat("\"max_tokens\":1"));

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("retry-after-ms").orElseThrow())
          .as("43 tokens less 10, drained at 10 a second, less what passed meanwhile")
          .isBetween(2_000L, 3_300L);
      assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow()).isBetween(2L, 4L);
      assertThat(refused.body()).contains("\"code\":\"429\"");
    }
  }

  private static String id(String event) {
    return between(event, "\"id\":\"", "\"");
  }

  private static String content(List<String> events) {
    return events.stream()
        .filter(event -> event.contains("\"content\":\""))
        .map(event -> between(event, "\"content\":\"", "\""))
        .collect(Collectors.joining());
  }

  private static String between(String text, String before, String after) {
    int from = text.indexOf(before) + before.length();
    return text.substring(from, text.indexOf(after, from));
  }
}
