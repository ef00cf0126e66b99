package dev.spillway.clients;

import static dev.spillway.clients.RunningHub.HASTY_KEY;
import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.spillway.simulator.live.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j, whose HTTP client offers to go over to HTTP/2 in its first request. */
class LangChain4jIT {
  private static final JsonObjectSchema CITY =
      JsonObjectSchema.builder().addStringProperty("city").required("city").build();

  private static RunningHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = RunningHub.start();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void chats() {
    ChatResponse answer = model(KEY, MODEL).chat(ask("Say something.").build());

    assertThat(answer.aiMessage().text()).startsWith("This answer is simulated.");
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(9);
  }

  @Test
  void streams() throws Exception {
    ChatResponse answer = streamed(MODEL, ask("Say something.").build());

    assertThat(answer.aiMessage().text())
        .isEqualTo(model(KEY, MODEL).chat(ask("Say something.").build()).aiMessage().text());
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.tokenUsage().outputTokenCount()).as("it asks for usage").isEqualTo(9);
  }

  @Test
  void callsToolsWholeAndStreamed() throws Exception {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from("Will it rain?"))
            .toolSpecifications(
                ToolSpecification.builder().name("weather").parameters(CITY).build())
            .toolChoice(ToolChoice.REQUIRED)
            .build();

    ToolExecutionRequest whole = toolCall(model(KEY, MODEL, 99).chat(request));
    ToolExecutionRequest streamed = toolCall(streamed(MODEL, request));

    assertThat(whole.name()).isEqualTo("weather");
    assertThat(whole.arguments())
        .isEqualTo("{\"city\":\"simulated\"}")
        .isEqualTo(streamed.arguments());
    assertThat(streamed.id()).isNotEmpty();
  }

  @Test
  void answersByASchema() {
    ResponseFormat format =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name("place").rootElement(CITY).build())
            .build();

    ChatResponse answer = model(KEY, MODEL, 99).chat(ask("Where?").responseFormat(format).build());

    assertThat(answer.aiMessage().text()).isEqualTo("{\"city\":\"simulated\"}");
  }

  /** It asks for floats when told nothing. */
  @Test
  void embeds() {
    Embedding usual = embedding(embeddings().build());
    Embedding inBase64 = embedding(embeddings().encodingFormat("base64").build());

    assertThat(usual.dimension()).isEqualTo(1_536);
    assertThat(inBase64).isEqualTo(usual);
  }

  @Test
  void seesErrorsAsItsOwn() throws Exception {
    assertThatThrownBy(() -> model(KEY, "gpt-9").chat("Hello"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("gpt-9");
    assertThatThrownBy(() -> model("sk-wrong", MODEL).chat("Hello"))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("not valid at this hub");
    assertThatThrownBy(() -> model(KEY, MODEL, 0).chat("Hello"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("max_completion_tokens");
    try (var _ = TakenPlace.take(hub)) {
      assertThatThrownBy(() -> model(HASTY_KEY, MODEL).chat("Hello"))
          .isInstanceOf(RateLimitException.class)
          .hasMessageContaining("requests at once");
    }
  }

  /** It knows no {@code Retry-After}, and asks a stream but once. */
  @Test
  void triesAgainByItself() throws Exception {
    OpenAiChatModel hasty = modelBuilder(HASTY_KEY, MODEL, 9).maxRetries(2).build();

    var retry = ClientRetry.of(hub, () -> hasty.chat(ask("Say something.").build()));

    assertThat(retry.answer().aiMessage().text()).startsWith("This answer is simulated.");
  }

  /** It takes an error that is an event like any other for the end of the answer. */
  @Test
  void seesAStreamThatBreaksAsAnError() {
    assertThatThrownBy(() -> streamed(LONE_MODEL, ask("simulate(cut=3)").build()))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> streamed(LONE_MODEL, ask("simulate(error=3)").build()))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void seesTheWholeOfAStreamThatBreaksAtHome() throws Exception {
    String whole = model(KEY, MODEL).chat(ask("Say something.").build()).aiMessage().text();

    hub.home().failNext(new Fault.Cut(3));
    String mended = streamed(MODEL, ask("Say something.").build()).aiMessage().text();

    assertThat(mended).isEqualTo(whole);
    assertThat(hub.awaitRescue().continuations()).isEqualTo(1);
  }

  @Test
  void neverSeesARefusalThatAnotherDeploymentMakesGood() throws InterruptedException {
    hub.home().failNext(new Fault.Status(503, null));

    ChatResponse answer = model(KEY, MODEL).chat(ask("Say something.").build());

    assertThat(answer.aiMessage().text()).startsWith("This answer is simulated.");
    assertThat(hub.awaitRescue().failures()).hasSize(1);
  }

  private static ChatRequest.Builder ask(String text) {
    return ChatRequest.builder().messages(UserMessage.from(text));
  }

  private static ToolExecutionRequest toolCall(ChatResponse answer) {
    assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    return answer.aiMessage().toolExecutionRequests().getFirst();
  }

  private static OpenAiChatModel model(String key, String name) {
    return model(key, name, 9);
  }

  private static OpenAiChatModel model(String key, String name, int maxTokens) {
    return modelBuilder(key, name, maxTokens).maxRetries(0).build();
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder modelBuilder(
      String key, String name, int maxTokens) {
    return OpenAiChatModel.builder()
        .baseUrl(hub.baseUrl())
        .apiKey(key)
        .modelName(name)
        .maxCompletionTokens(maxTokens);
  }

  private static Embedding embedding(OpenAiEmbeddingModel model) {
    return model.embed("a mill race").content();
  }

  private static OpenAiEmbeddingModel.OpenAiEmbeddingModelBuilder embeddings() {
    return OpenAiEmbeddingModel.builder().baseUrl(hub.baseUrl()).apiKey(KEY).modelName(MODEL);
  }

  private static ChatResponse streamed(String name, ChatRequest request) throws Exception {
    var model =
        OpenAiStreamingChatModel.builder()
            .baseUrl(hub.baseUrl())
            .apiKey(KEY)
            .modelName(name)
            .maxCompletionTokens(request.toolSpecifications().isEmpty() ? 9 : 99)
            .build();
    var whole = new CompletableFuture<ChatResponse>();
    model.chat(
        request,
        new StreamingChatResponseHandler() {
          @Override
          public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            whole.completeExceptionally(error);
          }
        });
    return whole.get(20, TimeUnit.SECONDS);
  }
}
