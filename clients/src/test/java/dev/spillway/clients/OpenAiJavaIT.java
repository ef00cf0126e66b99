package dev.spillway.clients;

import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.moderations.ModerationCreateParams;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official OpenAI SDK for Java, unchanged but for its base URL. */
class OpenAiJavaIT {
  private static final String NOTICE = "This answer is simulated.";

  private static RunningHub hub;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    hub = RunningHub.start();
    client = OpenAiJava.client(hub, KEY, 0);
  }

  @AfterAll
  static void stop() {
    client.close();
    hub.close();
  }

  /** What a tool takes. */
  @JsonClassDescription("The weather of a place.")
  static final class Weather {
    public String city = "";
    public int days;
  }

  /** What an answer is made of. */
  static final class Report {
    public String title = "";
    public List<String> findings = List.of();
    public Mood mood = Mood.STORMY;

    /** One of a few. */
    enum Mood {
      CALM,
      STORMY
    }
  }

  @Test
  void chats() {
    ChatCompletion answer = client.chat().completions().create(ask(MODEL).build());

    assertThat(OpenAiJava.content(answer)).startsWith(NOTICE);
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(9);
    assertThat(answer.validate()).isSameAs(answer);
  }

  @Test
  void chatsUnderAnAlias() {
    ChatCompletion answer = client.chat().completions().create(ask("gpt-4o-2024-08-06").build());

    assertThat(answer.choices()).hasSize(1);
  }

  @Test
  void streams() {
    ChatCompletion answer = OpenAiJava.streamed(client, ask(MODEL));

    assertThat(OpenAiJava.content(answer))
        .isEqualTo(OpenAiJava.content(client.chat().completions().create(ask(MODEL).build())));
    assertThat(answer.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    assertThat(answer.usage()).as("not asked for").isEmpty();
  }

  @Test
  void streamsWithItsUsage() {
    ChatCompletion answer =
        OpenAiJava.streamed(
            client,
            ask(MODEL)
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build()));

    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(9);
  }

  @Test
  void callsTools() {
    ChatCompletionMessageFunctionToolCall.Function call =
        toolCall(client.chat().completions().create(askForTool().build()));

    assertThat(call.name()).isEqualTo("Weather");
    assertThat(call.arguments(Weather.class).city).isEqualTo("simulated");
  }

  @Test
  void streamsToolCalls() {
    assertThat(toolCall(OpenAiJava.streamed(client, askForTool())).arguments(Weather.class).days)
        .isEqualTo(1);
  }

  @Test
  void readsAnswersAsClasses() {
    Report report =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(MODEL)
                    .addUserMessage("Report.")
                    .responseFormat(Report.class)
                    .build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();

    assertThat(report.findings).containsExactly("simulated");
    assertThat(report.mood).isEqualTo(Report.Mood.CALM);
  }

  @Test
  void completesPrompts() {
    Completion answer =
        client
            .completions()
            .create(CompletionCreateParams.builder().model(MODEL).prompt("Once").build());

    assertThat(answer.choices().getFirst().text()).startsWith(NOTICE);
  }

  /** The SDK asks for base64 when told nothing. */
  @Test
  void embeds() {
    CreateEmbeddingResponse usual = client.embeddings().create(embedding().build());
    CreateEmbeddingResponse floats =
        client
            .embeddings()
            .create(embedding().encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT).build());

    assertThat(usual.data().getFirst().embedding())
        .hasSize(64)
        .isEqualTo(floats.data().getFirst().embedding());
    assertThat(usual.usage().promptTokens()).isPositive();
  }

  /** Who names no model means the usual one. */
  @Test
  void moderates() {
    var answer =
        client.moderations().create(ModerationCreateParams.builder().input("a mill race").build());

    assertThat(answer.results().getFirst().flagged()).isFalse();
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data()).extracting(m -> m.id()).contains(MODEL, LONE_MODEL);
    assertThat(client.models().retrieve(MODEL).id()).isEqualTo(MODEL);
  }

  private static ChatCompletionCreateParams.Builder askForTool() {
    return ChatCompletionCreateParams.builder()
        .model(MODEL)
        .addUserMessage("Will it rain?")
        .addTool(Weather.class)
        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
  }

  private static ChatCompletionMessageFunctionToolCall.Function toolCall(ChatCompletion answer) {
    return answer
        .choices()
        .getFirst()
        .message()
        .toolCalls()
        .orElseThrow()
        .getFirst()
        .asFunction()
        .function();
  }

  private static EmbeddingCreateParams.Builder embedding() {
    return EmbeddingCreateParams.builder().model(MODEL).input("a mill race").dimensions(64);
  }

  private static ChatCompletionCreateParams.Builder ask(String model) {
    return OpenAiJava.saying(model, "Say something.");
  }
}
