package dev.spillway.clients;

import static dev.spillway.clients.OpenAiJava.content;
import static dev.spillway.clients.OpenAiJava.streamed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.spillway.app.hub.Hub;
import dev.spillway.gateway.telemetry.RequestRecord;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The official SDK for Java, the hub, and a server of llama.cpp that somebody runs. Any chat model
 * will do, since a grammar makes it keep to a schema; a tool is not asked for, since a model whose
 * template knows none says what it likes.
 */
@EnabledIfEnvironmentVariable(
    named = RealEngineIT.ENGINE_URL,
    matches = "https?://.+",
    disabledReason = "SPILLWAY_ENGINE_URL names no server of llama.cpp")
class RealEngineIT {
  static final String ENGINE_URL = "SPILLWAY_ENGINE_URL";

  private static final String MODEL = "small";

  /** More than comes before {@link CutWire} breaks; characters. */
  private static final int ALIKE = 60;

  private static final String QUESTION = "Why is the sky blue?";
  private static final String CONFIG =
      """
      platform: test
      listen: {data: 127.0.0.1:0, admin: 127.0.0.1:0}
      sites:
        home: {provider: microsoft, role: home, geography: us}
        partner: {provider: oracle, role: partner, geography: us, extends: test}
      deployments:
        real: {site: home, model: small, dialect: llamacpp, url: 'URL', accelerator: h100, context-tokens: 2048, capacity: {kind: self-hosted, replicas: 1}}
        breaks: {site: home, model: breaks, dialect: llamacpp, url: 'BREAKS', accelerator: h100, context-tokens: 2048, capacity: {kind: self-hosted, replicas: 1}}
        mends: {site: partner, model: breaks, dialect: llamacpp, url: 'URL', accelerator: h100, context-tokens: 2048, capacity: {kind: self-hosted, replicas: 1}, price: {input: 1 USD/1M, output: 1 USD/1M}}
      tenants:
        app: {class: online-inference, keys: {sha256: 2335c853aa3ad7eb3e2b74213262e00dae34f5eff91411b977b71a2100922ddd}}
      """;

  private static final BlockingQueue<RequestRecord> BROKEN = new LinkedBlockingQueue<>();

  private static CutWire wire;
  private static Hub hub;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    String url = Objects.requireNonNull(System.getenv(ENGINE_URL));
    wire = CutWire.to(URI.create(url));
    String config = CONFIG.replace("URL", url).replace("BREAKS", wire.url());
    hub = Hub.start(Path.of("spillway.yaml"), config.getBytes(UTF_8), RealEngineIT::note);
    client =
        OpenAIOkHttpClient.builder()
            .apiKey(RunningHub.KEY)
            .baseUrl("http://127.0.0.1:" + hub.dataPort() + "/v1")
            .maxRetries(0)
            .build();
  }

  private static void note(RequestRecord request) {
    if (request.model().value().equals("breaks")) {
      BROKEN.add(request);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    hub.close();
    wire.close();
  }

  /** What an answer is made of. */
  static final class Place {
    public String city = "";
    public Sky sky = Sky.CLEAR;

    /** What a small model cannot get wrong. */
    enum Sky {
      CLEAR,
      CLOUDY
    }
  }

  @Test
  void chats() {
    ChatCompletion answer = create(ask());

    assertThat(content(answer)).isNotBlank();
    assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 16L);
    assertThat(answer.model()).isNotEmpty();
  }

  @Test
  void streamsWhatItWouldSayAtOnce() {
    ChatCompletion answer =
        streamed(
            client,
            ask().streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build()));

    assertThat(content(answer)).isEqualTo(content(create(ask())));
    assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 16L);
  }

  /**
   * What the engine says greedily it says again, for a while: how requests were batched shows in
   * the last digits of its numbers.
   */
  @Test
  void goesOnWithAnAnswerThatBreaksOff() throws Exception {
    String whole = content(create(ask(MODEL, QUESTION).maxCompletionTokens(48)));

    String mended = content(streamed(client, ask("breaks", QUESTION).maxCompletionTokens(48)));

    assertThat(wire.cuts()).isEqualTo(1);
    assertThat(whole).hasSizeGreaterThan(ALIKE);
    assertThat(mended).startsWith(whole.substring(0, ALIKE));
    assertThat(mended.lastIndexOf(whole.substring(0, 20))).as("said once").isZero();
    assertThat(ended().continuations()).isEqualTo(1);
  }

  @Test
  void readsAnswersAsClasses() {
    Place place =
        client
            .chat()
            .completions()
            .create(
                ask("Name a city in Norway as JSON.")
                    .maxCompletionTokens(200)
                    .responseFormat(Place.class)
                    .build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();

    assertThat(place.city).isNotBlank();
  }

  @Test
  void completesPrompts() {
    Completion answer =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model(MODEL)
                    .prompt("Once upon a time")
                    .maxTokens(8)
                    .build());

    assertThat(answer.choices().getFirst().text()).isNotBlank();
  }

  /** The client has its answer a moment before the hub has told of it. */
  private static RequestRecord ended() throws InterruptedException {
    RequestRecord record = BROKEN.poll(10, SECONDS);
    return Objects.requireNonNull(record, "the request has not ended");
  }

  private static ChatCompletion create(ChatCompletionCreateParams.Builder request) {
    return client.chat().completions().create(request.build());
  }

  private static ChatCompletionCreateParams.Builder ask() {
    return ask(QUESTION).maxCompletionTokens(16);
  }

  private static ChatCompletionCreateParams.Builder ask(String text) {
    return ask(MODEL, text);
  }

  private static ChatCompletionCreateParams.Builder ask(String model, String text) {
    return OpenAiJava.saying(model, text).temperature(0);
  }
}
