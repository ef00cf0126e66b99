package dev.spillway.clients;

import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.ai.openai.OpenAIClient;
import com.azure.ai.openai.OpenAIClientBuilder;
import com.azure.ai.openai.models.ChatCompletions;
import com.azure.ai.openai.models.ChatCompletionsFunctionToolCall;
import com.azure.ai.openai.models.ChatCompletionsFunctionToolDefinition;
import com.azure.ai.openai.models.ChatCompletionsFunctionToolDefinitionFunction;
import com.azure.ai.openai.models.ChatCompletionsJsonResponseFormat;
import com.azure.ai.openai.models.ChatCompletionsOptions;
import com.azure.ai.openai.models.ChatCompletionsToolSelection;
import com.azure.ai.openai.models.ChatCompletionsToolSelectionPreset;
import com.azure.ai.openai.models.ChatRequestUserMessage;
import com.azure.ai.openai.models.CompletionsFinishReason;
import com.azure.ai.openai.models.EmbeddingsOptions;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.exception.ClientAuthenticationException;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Azure's own client, which takes a key only over TLS and names the deployment in the path. */
class AzureOpenAiIT {
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

    assertThat(answer.getChoices().getFirst().getMessage().getContent())
        .startsWith("This answer is simulated.");
    assertThat(answer.getUsage().getCompletionTokens()).isEqualTo(9);
  }

  @Test
  void streams() {
    String streamed = streamed(MODEL, "Say something.");
    ChatCompletions whole = client(KEY).getChatCompletions(MODEL, ask("Say something."));

    assertThat(streamed).isEqualTo(whole.getChoices().getFirst().getMessage().getContent());
  }

  @Test
  void callsTools() {
    var function =
        new ChatCompletionsFunctionToolDefinitionFunction("weather")
            .setParameters(
                BinaryData.fromString(
                    "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"));
    var options =
        new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Will it rain?")))
            .setTools(List.of(new ChatCompletionsFunctionToolDefinition(function)))
            .setToolChoice(
                new ChatCompletionsToolSelection(ChatCompletionsToolSelectionPreset.REQUIRED));

    var choice = client(KEY).getChatCompletions(MODEL, options).getChoices().getFirst();

    assertThat(choice.getFinishReason()).isEqualTo(CompletionsFinishReason.TOOL_CALLS);
    var call = (ChatCompletionsFunctionToolCall) choice.getMessage().getToolCalls().getFirst();
    assertThat(call.getFunction().getArguments()).isEqualTo("{\"city\":\"simulated\"}");
  }

  @Test
  void answersInJson() {
    var options = ask("JSON, please.").setMaxTokens(99);
    options.setResponseFormat(new ChatCompletionsJsonResponseFormat());

    var answer = client(KEY).getChatCompletions(MODEL, options);

    assertThat(answer.getChoices().getFirst().getMessage().getContent())
        .startsWith("{\"simulated\":true");
  }

  @Test
  void embeds() {
    var answer =
        client(KEY).getEmbeddings(MODEL, new EmbeddingsOptions(List.of("a mill race", "a weir")));

    assertThat(answer.getData()).hasSize(2);
    assertThat(answer.getData().get(1).getEmbedding()).hasSize(1_536);
  }

  @Test
  void seesErrorsAsItsOwn() {
    assertThatThrownBy(() -> client(KEY).getChatCompletions("gpt-9", ask("Hello")))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> client("sk-wrong").getChatCompletions(MODEL, ask("Hello")))
        .isInstanceOf(ClientAuthenticationException.class);
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

  private static String streamed(String model, String text) {
    return client(KEY).getChatCompletionsStream(model, ask(text)).stream()
        .flatMap(chunk -> chunk.getChoices().stream())
        .map(choice -> choice.getDelta().getContent())
        .filter(content -> content != null)
        .collect(Collectors.joining());
  }

  private static ChatCompletionsOptions ask(String text) {
    return new ChatCompletionsOptions(List.of(new ChatRequestUserMessage(text))).setMaxTokens(9);
  }

  private static OpenAIClient client(String key) {
    return new OpenAIClientBuilder()
        .endpoint("https://127.0.0.1:" + hub.port())
        .credential(new AzureKeyCredential(key))
        .httpClient(http)
        .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1))))
        .buildClient();
  }
}
