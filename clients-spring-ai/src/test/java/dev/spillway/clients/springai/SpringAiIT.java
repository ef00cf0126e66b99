package dev.spillway.clients.springai;

import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.UnauthorizedException;
import dev.spillway.clients.RunningHub;
import dev.spillway.simulator.live.Fault;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Spring AI, unchanged but for its base URL. */
class SpringAiIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static RunningHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = RunningHub.start();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  /** What the tool takes. */
  record Place(String city) {}

  @Test
  void chats() {
    ChatResponse answer = model(options(MODEL)).call(new Prompt("Say something."));

    assertThat(text(answer)).startsWith("This answer is simulated.");
    assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isEqualTo(9);
  }

  @Test
  void streams() {
    OpenAiChatModel model = model(options(MODEL).streamUsage(true));

    String streamed = streamed(model, "Say something.");

    assertThat(streamed).isEqualTo(text(model.call(new Prompt("Say something."))));
  }

  @Test
  void callsTools() {
    var weather =
        FunctionToolCallback.builder("weather", (Place place) -> "rain in " + place.city())
            .description("The weather of a place.")
            .inputType(Place.class)
            .build();

    ChatResponse answer =
        model(options(MODEL).maxCompletionTokens(99).toolCallbacks(List.of(weather)))
            .call(new Prompt("Will it rain? simulate(tool)"));

    ToolCall call = message(answer).getToolCalls().getFirst();
    assertThat(call.name()).isEqualTo("weather");
    assertThat(weather.call(call.arguments())).isEqualTo("\"rain in simulated\"");
  }

  @Test
  void answersByASchema() {
    ChatResponse answer =
        model(
                options(MODEL)
                    .maxCompletionTokens(99)
                    .outputSchema(
                        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
                            + "\"required\":[\"city\"],\"additionalProperties\":false}"))
            .call(new Prompt("Where?"));

    assertThat(text(answer)).isEqualTo("{\"city\":\"simulated\"}");
  }

  @Test
  void embeds() {
    var embeddings =
        OpenAiEmbeddingModel.builder()
            .options(
                OpenAiEmbeddingOptions.builder()
                    .baseUrl(hub.baseUrl())
                    .apiKey(KEY)
                    .model(MODEL)
                    .build())
            .metadataMode(MetadataMode.EMBED)
            .build();

    assertThat(embeddings.embed("a mill race")).hasSize(1_536);
  }

  @Test
  void seesErrorsAsTheSdks() {
    assertThatThrownBy(() -> model(options("gpt-9")).call(new Prompt("Hello")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> model(options(MODEL).apiKey("sk-wrong")).call(new Prompt("Hello")))
        .isInstanceOf(UnauthorizedException.class);
  }

  @Test
  void seesAStreamThatBreaksAsAnError() {
    for (String wish : List.of("simulate(cut=3)", "simulate(error=3)")) {
      assertThatThrownBy(() ->
              model(options(LONE_MODEL)).stream(new Prompt(wish)).collectList().block(PATIENCE))
          .as(wish)
          .isInstanceOf(OpenAIException.class);
    }
  }

  @Test
  void seesTheWholeOfAStreamThatBreaksAtHome() throws InterruptedException {
    String whole = text(model(options(MODEL)).call(new Prompt("Say something.")));

    hub.home().failNext(new Fault.Cut(3));
    String mended = streamed(model(options(MODEL)), "Say something.");

    assertThat(mended).isEqualTo(whole);
    assertThat(hub.awaitRescue().continuations()).isEqualTo(1);
  }

  @Test
  void neverSeesARefusalThatAnotherDeploymentMakesGood() throws InterruptedException {
    hub.home().failNext(new Fault.Status(503, null));

    assertThat(text(model(options(MODEL)).call(new Prompt("Say something."))))
        .startsWith("This answer is simulated.");
    assertThat(hub.awaitRescue().failures()).hasSize(1);
  }

  private static String streamed(OpenAiChatModel model, String question) {
    List<ChatResponse> chunks = model.stream(new Prompt(question)).collectList().block(PATIENCE);
    assertThat(chunks).isNotNull();
    return chunks.stream()
        .filter(chunk -> !chunk.getResults().isEmpty())
        .map(SpringAiIT::text)
        .collect(Collectors.joining());
  }

  private static AssistantMessage message(ChatResponse answer) {
    return answer.getResults().getFirst().getOutput();
  }

  private static String text(ChatResponse answer) {
    String text = message(answer).getText();
    return text == null ? "" : text;
  }

  private static OpenAiChatModel model(OpenAiChatOptions.Builder options) {
    return OpenAiChatModel.builder().options(options.build()).build();
  }

  private static OpenAiChatOptions.Builder options(String model) {
    return OpenAiChatOptions.builder()
        .baseUrl(hub.baseUrl())
        .apiKey(KEY)
        .model(model)
        .maxCompletionTokens(9)
        .maxRetries(0);
  }
}
