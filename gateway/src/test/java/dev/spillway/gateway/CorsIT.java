package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser asks and looks at before a page of another origin may call (Fetch standard). */
class CorsIT {
  private static final String PAGE = "https://chat.example.com";
  private static final String ORIGIN = "Origin: " + PAGE;
  private static final String POST = "Access-Control-Request-Method: POST";
  private static final String NAMES = "authorization,content-type,x-stainless-retry-count";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void letsAPageOfAListedOriginAsk(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = hub(provider);
        TestClient client = protocol.connect(hub)) {
      client.send(preflight("/v1/chat/completions", ORIGIN, NAMES));
      ReceivedMessage may = client.receive();
      assertThat(may.status()).isEqualTo(204);
      assertThat(may.header("access-control-allow-origin")).isEqualTo(PAGE);
      assertThat(may.header("access-control-allow-methods")).contains("POST");
      assertThat(may.header("access-control-allow-headers")).isEqualTo(NAMES);
      assertThat(may.header("content-length")).isEmpty();

      client.send(Requests.post(Requests.CHAT, Requests.ASK, Requests.AUTHORIZED, ORIGIN));
      ReceivedMessage answer = client.receive();
      assertThat(answer.body()).isEqualTo(Answers.WHOLE);
      assertThat(answer.header("access-control-allow-origin")).isEqualTo(PAGE);
      assertThat(answer.header("access-control-expose-headers")).contains("retry-after-ms");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models",
        "/openai/deployments/gpt-4o/embeddings?api-version=2024-10-21",
        "/v1/responses/resp_1"
      })
  void letsItAskOnEveryPath(String path) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = hub(provider);
        RawClient client = new RawClient(hub)) {
      client.send(preflight(path, ORIGIN, NAMES));

      assertThat(client.receive().status()).isEqualTo(204);
    }
  }

  /** Nobody else; and nothing that is no name of a header is told back. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Origin: https://evil.example.com | authorization",
        "Origin: https://chat.example.com.evil.example.com | authorization",
        "Origin: null | authorization",
        "X-Other: of nobody | authorization",
        "Origin: https://chat.example.com | a;b",
        "Origin: https://chat.example.com | <script>",
        "Origin: https://chat.example.com | a@b"
      })
  void letsNobodyElseAsk(String origin, String names) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = hub(provider);
        RawClient client = new RawClient(hub)) {
      client.send(preflight("/v1/chat/completions", origin, names));

      ReceivedMessage refused = client.receive();
      assertThat(refused.status()).isEqualTo(405);
      assertThat(refused.head()).doesNotContainIgnoringCase("access-control-allow-headers");
      assertThat(refused.head().contains("access-control-allow-origin"))
          .isEqualTo(origin.equals(ORIGIN));
    }
  }

  private static TestHub hub(ScriptedProvider provider) throws Exception {
    return TestHub.with(GatewayPlan.usual().calledFrom(PAGE).config(), provider.port());
  }

  private static String preflight(String path, String origin, String names) {
    return Requests.head(
        "OPTIONS " + path, origin, POST, "Access-Control-Request-Headers: " + names);
  }
}
