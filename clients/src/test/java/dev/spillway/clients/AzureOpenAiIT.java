package dev.spillway.clients;

import static dev.spillway.clients.RunningHub.HASTY_KEY;
import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.azure.ai.openai.OpenAIClient;
import com.azure.ai.openai.OpenAIClientBuilder;
import com.azure.ai.openai.models.ChatChoice;
import com.azure.ai.openai.models.ChatCompletions;
import com.azure.ai.openai.models.ChatCompletionsFunctionToolCall;
import com.azure.ai.openai.models.ChatCompletionsFunctionToolDefinition;
import com.azure.ai.openai.models.ChatCompletionsFunctionToolDefinitionFunction;
import com.azure.ai.openai.models.ChatCompletionsJsonResponseFormat;
import com.azure.ai.openai.models.ChatCompletionsJsonSchemaResponseFormat;
import com.azure.ai.openai.models.ChatCompletionsJsonSchemaResponseFormatJsonSchema;
import com.azure.ai.openai.models.ChatCompletionsOptions;
import com.azure.ai.openai.models.ChatCompletionsToolCall;
import com.azure.ai.openai.models.ChatCompletionsToolSelection;
import com.azure.ai.openai.models.ChatCompletionsToolSelectionPreset;
import com.azure.ai.openai.models.ChatRequestUserMessage;
import com.azure.ai.openai.models.ChatResponseMessage;
import com.azure.ai.openai.models.CompletionsFinishReason;
import com.azure.ai.openai.models.EmbeddingsOptions;
import com.azure.ai.openai.models.FunctionCall;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.util.BinaryData;
import dev.spillway.simulator.live.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Azure's own client, which takes a key only over TLS and names the deployment in the path. */
class AzureOpenAiIT {
  private static final BinaryData CITY =
      BinaryData.fromString(
          "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
              + "\"required\":[\"city\"],\"additionalProperties\":false}");

  private static RunningHub hub;
  private static HttpClient http;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Certificate certificate = Certificate.make(folder);
    hub = RunningHub.startWith(certificate);
    http =
        new JdkHttpClientBuilder(
                java.net.http.HttpClient.newBuilder().sslContext(certificate.trusted()))
            .build();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void chats() {
    ChatCompletions answer = client(KEY).getChatCompletions(MODEL, ask("Say something."));

    assertThat(content(answer)).startsWith("This answer is simulated.");
    assertThat(answer.getUsage().getCompletionTokens()).isEqualTo(9);
  }

  @Test
  void streams() {
    String streamed = streamed(MODEL, "Say something.");
    ChatCompletions whole = client(KEY).getChatCompletions(MODEL, ask("Say something."));

    assertThat(streamed).isEqualTo(content(whole));
  }

  @Test
  void callsToolsWholeAndStreamed() {
    var function = new ChatCompletionsFunctionToolDefinitionFunction("weather").setParameters(CITY);
    var options =
        new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Will it rain?")))
            .setTools(List.of(new ChatCompletionsFunctionToolDefinition(function)))
            .setToolChoice(
                new ChatCompletionsToolSelection(ChatCompletionsToolSelectionPreset.REQUIRED));

    var whole = client(KEY).getChatCompletions(MODEL, options).getChoices().getFirst();
    List<ChatChoice> streamed = choices(client(KEY), MODEL, options);

    assertThat(whole.getFinishReason()).isEqualTo(CompletionsFinishReason.TOOL_CALLS);
    assertThat(streamed.getLast().getFinishReason()).isEqualTo(whole.getFinishReason());
    FunctionCall call = joined(calls(whole.getMessage()));
    assertThat(call.getName()).isEqualTo("weather");
    assertThat(call.getArguments()).isEqualTo("{\"city\":\"simulated\"}");
    assertThat(joined(streamed.stream().flatMap(choice -> calls(choice.getDelta()))))
        .usingRecursiveComparison()
        .isEqualTo(call);
  }

  @Test
  void answersInJson() {
    var options = ask("JSON, please.").setMaxTokens(99);
    options.setResponseFormat(new ChatCompletionsJsonResponseFormat());

    assertThat(content(client(KEY).getChatCompletions(MODEL, options)))
        .startsWith("{\"simulated\":true");
  }

  @Test
  void answersByASchema() {
    var options = ask("Where?").setMaxTokens(99);
    options.setResponseFormat(
        new ChatCompletionsJsonSchemaResponseFormat(
            new ChatCompletionsJsonSchemaResponseFormatJsonSchema("place").setSchema(CITY)));

    assertThat(content(client(KEY).getChatCompletions(MODEL, options)))
        .isEqualTo("{\"city\":\"simulated\"}");
  }

  /** It always asks for base64. The simulated vectors have the length 1. */
  @Test
  void embeds() {
    var answer =
        client(KEY).getEmbeddings(MODEL, new EmbeddingsOptions(List.of("a mill race", "a weir")));

    assertThat(answer.getData()).hasSize(2);
    List<Float> second = answer.getData().get(1).getEmbedding();
    assertThat(second).hasSize(1_536);
    assertThat(second.stream().mapToDouble(x -> x * x).sum()).isCloseTo(1, within(1e-3));
  }

  @Test
  void seesErrorsAsItsOwn() throws Exception {
    assertThatThrownBy(() -> client(KEY).getChatCompletions("gpt-9", ask("Hello")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("gpt-9");
    assertThatThrownBy(() -> client("sk-wrong").getChatCompletions(MODEL, ask("Hello")))
        .isInstanceOf(ClientAuthenticationException.class)
        .hasMessageContaining("not valid at this hub");
    assertThatThrownBy(() -> client(KEY).getChatCompletions(MODEL, ask("Hello").setN(2)))
        .isInstanceOfSatisfying(HttpResponseException.class, e -> assertStatus(e, 400))
        .hasMessageContaining("'n'");
    try (var _ = TakenPlace.take(hub)) {
      assertThatThrownBy(() -> client(HASTY_KEY).getChatCompletions(MODEL, ask("Hello")))
          .isInstanceOfSatisfying(HttpResponseException.class, e -> assertStatus(e, 429))
          .hasMessageContaining("requests at once");
    }
  }

  @Test
  void waitsAsLongAsItIsAskedAndTriesAgain() throws Exception {
    OpenAIClient hasty = client(HASTY_KEY, 2);

    var whole = ClientRetry.of(hub, () -> hasty.getChatCompletions(MODEL, ask("Say something.")));
    var streamed = ClientRetry.of(hub, () -> streamed(hasty, MODEL, ask("Say something.")));

    assertThat(content(whole.answer())).startsWith("This answer is simulated.");
    assertThat(streamed.answer()).isEqualTo(content(whole.answer()));
    assertThat(whole.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
    assertThat(streamed.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
  }

  @Test
  void seesTheWholeOfAStreamThatBreaksAtHome() throws InterruptedException {
    String whole = streamed(MODEL, "Say something.");

    hub.home().failNext(new Fault.Cut(3));
    String mended = streamed(MODEL, "Say something.");

    assertThat(mended).isEqualTo(whole);
    assertThat(hub.awaitRescue().continuations()).isEqualTo(1);
  }

  @Test
  void neverSeesARefusalThatAnotherDeploymentMakesGood() throws InterruptedException {
    hub.home().failNext(new Fault.Status(503, null));

    assertThat(client(KEY).getChatCompletions(MODEL, ask("Say something.")).getChoices())
        .hasSize(1);
    assertThat(hub.awaitRescue().failures()).hasSize(1);
  }

  @Test
  void seesAStreamThatIsCutAsAnError() {
    assertThatThrownBy(() -> streamed(LONE_MODEL, "simulate(cut=3)"))
        .isInstanceOf(RuntimeException.class);
  }

  private static void assertStatus(HttpResponseException error, int status) {
    assertThat(error.getResponse().getStatusCode()).isEqualTo(status);
  }

  private static String streamed(String model, String text) {
    return streamed(client(KEY), model, ask(text));
  }

  private static String streamed(
      OpenAIClient client, String model, ChatCompletionsOptions options) {
    return choices(client, model, options).stream()
        .map(choice -> choice.getDelta().getContent())
        .filter(Objects::nonNull)
        .collect(Collectors.joining());
  }

  private static List<ChatChoice> choices(
      OpenAIClient client, String model, ChatCompletionsOptions options) {
    return client.getChatCompletionsStream(model, options).stream()
        .flatMap(chunk -> chunk.getChoices().stream())
        .toList();
  }

  private static Stream<FunctionCall> calls(ChatResponseMessage message) {
    List<ChatCompletionsToolCall> calls = message.getToolCalls();
    return calls == null
        ? Stream.of()
        : calls.stream().map(call -> ((ChatCompletionsFunctionToolCall) call).getFunction());
  }

  /** One call from its parts, of which the first has the name. */
  private static FunctionCall joined(Stream<FunctionCall> parts) {
    return parts
        .reduce((a, b) -> new FunctionCall(a.getName(), a.getArguments() + b.getArguments()))
        .orElseThrow();
  }

  private static String content(ChatCompletions answer) {
    return answer.getChoices().getFirst().getMessage().getContent();
  }

  private static ChatCompletionsOptions ask(String text) {
    return new ChatCompletionsOptions(List.of(new ChatRequestUserMessage(text))).setMaxTokens(9);
  }

  private static OpenAIClient client(String key) {
    return client(key, 0);
  }

  /** Its own wait before it tries again is next to nothing. */
  private static OpenAIClient client(String key, int retries) {
    return new OpenAIClientBuilder()
        .endpoint("https://127.0.0.1:" + hub.port())
        .credential(new AzureKeyCredential(key))
        .httpClient(http)
        .retryOptions(new RetryOptions(new FixedDelayOptions(retries, Duration.ofMillis(1))))
        .buildClient();
  }
}
