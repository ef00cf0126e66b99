package dev.spillway.clients.springai;

import static dev.spillway.clients.RunningHub.HASTY_KEY;
import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import dev.spillway.clients.ClientRetry;
import dev.spillway.clients.RunningHub;
import dev.spillway.clients.TakenPlace;
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
import org.springframework.ai.openai.OpenAiEmbeddingOptions.EncodingFormat;
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
  void callsToolsWholeAndStreamed() {
    var weather =
        FunctionToolCallback.builder("weather", (Place place) -> "rain in " + place.city())
            .description("The weather of a place.")
            .inputType(Place.class)
            .build();
    OpenAiChatModel model =
        model(options(MODEL).maxCompletionTokens(99).toolCallbacks(List.of(weather)));
    Prompt prompt = new Prompt("Will it rain? simulate(tool)");

    List<ToolCall> whole = message(model.call(prompt)).getToolCalls();
    List<ToolCall> streamed =
        chunks(model, prompt).stream()
            .flatMap(chunk -> message(chunk).getToolCalls().stream())
            .toList();

    for (List<ToolCall> calls : List.of(whole, streamed)) {
      assertThat(calls).extracting(ToolCall::name).containsExactly("weather");
      assertThat(weather.call(calls.getFirst().arguments())).isEqualTo("\"rain in simulated\"");
    }
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

  /** The SDK below asks for base64 when told nothing. */
  @Test
  void embeds() {
    float[] usual = embedding(embeddings());
    float[] floats = embedding(embeddings().encodingFormat(EncodingFormat.FLOAT));

    assertThat(usual).hasSize(1_536).isEqualTo(floats);
  }

  @Test
  void seesErrorsAsTheSdks() throws Exception {
    assertThatThrownBy(() -> model(options("gpt-9")).call(new Prompt("Hello")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("gpt-9");
    assertThatThrownBy(() -> model(options(MODEL).apiKey("sk-wrong")).call(new Prompt("Hello")))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("not valid at this hub");
    assertThatThrownBy(() -> model(options(MODEL).n(2)).call(new Prompt("Hello")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("'n'");
    try (var _ = TakenPlace.take(hub)) {
      assertThatThrownBy(() -> model(options(MODEL).apiKey(HASTY_KEY)).call(new Prompt("Hello")))
          .isInstanceOf(RateLimitException.class)
          .hasMessageContaining("requests at once");
    }
  }

  @Test
  void waitsAsLongAsItIsAskedAndTriesAgain() throws Exception {
    OpenAiChatModel hasty = model(options(MODEL).apiKey(HASTY_KEY).maxRetries(2));

    var whole = ClientRetry.of(hub, () -> text(hasty.call(new Prompt("Say something."))));
    var streamed = ClientRetry.of(hub, () -> streamed(hasty, "Say something."));

    assertThat(whole.answer()).startsWith("This answer is simulated.");
    assertThat(streamed.answer()).isEqualTo(whole.answer());
    assertThat(whole.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
    assertThat(streamed.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
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
    return chunks(model, new Prompt(question)).stream()
        .map(SpringAiIT::text)
        .collect(Collectors.joining());
  }

  /** Those that say something. */
  private static List<ChatResponse> chunks(OpenAiChatModel model, Prompt prompt) {
    List<ChatResponse> chunks = model.stream(prompt).collectList().block(PATIENCE);
    assertThat(chunks).isNotNull();
    return chunks.stream().filter(chunk -> !chunk.getResults().isEmpty()).toList();
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

  private static float[] embedding(OpenAiEmbeddingOptions.Builder options) {
    return OpenAiEmbeddingModel.builder()
        .options(options.build())
        .metadataMode(MetadataMode.EMBED)
        .build()
        .embed("a mill race");
  }

  private static OpenAiEmbeddingOptions.Builder embeddings() {
    return OpenAiEmbeddingOptions.builder().baseUrl(hub.baseUrl()).apiKey(KEY).model(MODEL);
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
