package dev.spillway.clients;

import static dev.spillway.clients.EngineHub.home;
import static dev.spillway.clients.EngineHub.partner;
import static dev.spillway.clients.OpenAiJava.content;
import static dev.spillway.clients.OpenAiJava.streamed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What servers of llama.cpp do that were started for it: those of {@link OwnEngine}. */
@EnabledIfEnvironmentVariable(
    named = OwnEngine.COMMAND,
    matches = ".+",
    disabledReason = "SPILLWAY_ENGINE_COMMAND names no llama-server and model")
class OwnEngineIT {
  private static final int CONTEXT = 2048;
  private static final int SHORT_CONTEXT = 256;
  private static final int BATCH = 128;

  /** Of a token each. */
  private static final String TOO_LONG = "hello ".repeat(SHORT_CONTEXT + 1);

  /** More than enough for a breaker to open, if they counted. */
  private static final int MANY = 12;

  /**
   * By its comment the engine takes it for a template of functionary's, whose grammar lets a model
   * say nothing before it calls a tool.
   */
  private static final String TEMPLATE =
      """
      {#- >>>all >>>${recipient} -#}
      {%- for tool in tools or [] -%}
      {{ (tool | tojson) + '\\n' }}
      {%- endfor -%}
      {%- for message in messages -%}
      {{ '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content }}
      {%- endfor -%}
      {%- if add_generation_prompt -%}
      {{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n>>>' }}
      {%- endif -%}
      """;

  private static OwnEngine chats;
  private static OwnEngine forgets;
  private static OwnEngine embeds;
  private static OwnEngine calls;
  private static int loadingPort;
  private static EngineHub hub;
  private static OpenAIClient client;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path template = Files.writeString(directory.resolve("tools.jinja"), TEMPLATE, UTF_8);
    String batch = Integer.toString(BATCH);
    chats = OwnEngine.started("-np", "2", "-c", "4096");
    forgets = OwnEngine.started("-np", "1", "-c", Integer.toString(SHORT_CONTEXT));
    embeds =
        OwnEngine.started(
            "--embeddings",
            "--pooling",
            "mean",
            "-np",
            "1",
            "-c",
            "1024",
            "-b",
            batch,
            "-ub",
            batch);
    calls =
        OwnEngine.started(
            "--jinja", "--chat-template-file", template.toString(), "-np", "1", "-c", "1024");
    loadingPort = OwnEngine.freePort();
    hub =
        EngineHub.of(
            home("short", "long", forgets.url(), CONTEXT - 1),
            partner("long", "long", chats.url(), CONTEXT),
            home("lone-short", "short", forgets.url(), CONTEXT),
            home("vectors", "vectors", embeds.url(), CONTEXT),
            home("tools", "tools", calls.url(), CONTEXT),
            home("loads", "loads", "http://127.0.0.1:" + loadingPort, CONTEXT),
            partner("ready", "loads", chats.url(), CONTEXT));
    client = hub.client();
  }

  @AfterAll
  static void stop() {
    hub.close();
    for (OwnEngine engine : List.of(chats, forgets, embeds, calls)) {
      engine.close();
    }
  }

  /** What a tool takes. */
  static final class Weather {
    public Place place = Place.OSLO;

    /** What a small model cannot get wrong. */
    enum Place {
      OSLO,
      ROME
    }
  }

  /** The SDK asks for base64 by itself. */
  @Test
  void embeds() {
    CreateEmbeddingResponse usual = client.embeddings().create(embedding().build());
    CreateEmbeddingResponse floats =
        client.embeddings().create(embedding().encodingFormat(EncodingFormat.FLOAT).build());

    assertThat(usual.data()).hasSize(2);
    assertThat(usual.data().get(1).index()).isEqualTo(1);
    assertThat(usual.data().get(1).embedding())
        .hasSizeGreaterThan(100)
        .isNotEqualTo(usual.data().getFirst().embedding())
        .hasSameSizeAs(floats.data().get(1).embedding());
    assertThat(floats.data().get(1).embedding().getFirst())
        .isCloseTo(usual.data().get(1).embedding().getFirst(), within(1e-3f));
    assertThat(usual.usage().promptTokens()).isGreaterThan(3);
  }

  @Test
  void losesNoDeploymentToInputsThatAreLongerThanABatch() {
    EmbeddingCreateParams tooLong =
        EmbeddingCreateParams.builder().model("vectors").input("hello ".repeat(2 * BATCH)).build();

    for (int i = 0; i < MANY; i++) {
      assertThatThrownBy(() -> client.embeddings().create(tooLong))
          .isInstanceOfSatisfying(BadRequestException.class, OwnEngineIT::isTooLong)
          .hasMessageContaining("too large to process");
    }

    assertThat(client.embeddings().create(embedding().build()).data()).hasSize(2);
  }

  @Test
  void callsTools() {
    ChatCompletion whole = client.chat().completions().create(askForTool().build());
    ChatCompletion streamed = streamed(client, askForTool());

    for (ChatCompletion each : List.of(whole, streamed)) {
      ChatCompletion.Choice choice = each.choices().getFirst();
      assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
      ChatCompletionMessageFunctionToolCall.Function call =
          choice.message().toolCalls().orElseThrow().getFirst().asFunction().function();
      assertThat(call.name()).isEqualTo("Weather");
      assertThat(call.arguments(Weather.class).place).isNotNull();
    }
  }

  @Test
  void triesALongerContextOnceWhereThereIsOne() throws Exception {
    assertThat(content(client.chat().completions().create(tooLongFor("long").build()))).isNotNull();

    assertThat(kinds(hub.ended("long"))).containsExactly(Kind.CONTEXT_TOO_LONG);
    assertThat(content(streamed(client, tooLongFor("long")))).isNotNull();
    assertThat(kinds(hub.ended("long"))).containsExactly(Kind.CONTEXT_TOO_LONG);
  }

  @Test
  void saysThatTheContextIsTooLongWhereThereIsNone() {
    assertThatThrownBy(() -> client.chat().completions().create(tooLongFor("short").build()))
        .isInstanceOfSatisfying(BadRequestException.class, OwnEngineIT::isTooLong);
    assertThatThrownBy(() -> streamed(client, tooLongFor("short")))
        .isInstanceOfSatisfying(BadRequestException.class, OwnEngineIT::isTooLong);
  }

  @Test
  void saysSoToAnthropicsClientsAsWell() {
    MessageCreateParams request =
        MessageCreateParams.builder().model("short").maxTokens(8).addUserMessage(TOO_LONG).build();

    assertThatThrownBy(() -> hub.anthropic().messages().create(request))
        .isInstanceOf(com.anthropic.errors.BadRequestException.class)
        .hasMessageContaining("exceeds the available context size");
  }

  @Test
  void goesElsewhereWhileAnEngineLoadsAndComesBackByItself() throws Exception {
    ChatCompletionCreateParams request = ask("loads").build();

    try (OwnEngine loads = OwnEngine.loading(loadingPort)) {
      client.chat().completions().create(request);
      RequestRecord first = hub.ended("loads");
      assumeThat(kinds(first)).as("the model was there before it was asked").isNotEmpty();
      loads.awaitReady();
      long ready = System.nanoTime();
      String servedBy;
      do {
        client.chat().completions().create(request);
        servedBy = servedBy(hub.ended("loads"));
      } while (!servedBy.equals("loads") && System.nanoTime() - ready < 20_000_000_000L);

      assertThat(kinds(first)).containsExactly(Kind.OVERLOADED);
      assertThat(servedBy(first)).isEqualTo("ready");
      assertThat(servedBy).isEqualTo("loads");
    }
  }

  private static List<Kind> kinds(RequestRecord record) {
    return record.failures().stream().map(each -> each.failure().kind()).toList();
  }

  private static String servedBy(RequestRecord record) {
    return Objects.requireNonNull(record.served()).deployment().value();
  }

  private static void isTooLong(BadRequestException refused) {
    assertThat(refused.code()).contains("context_length_exceeded");
    assertThat(refused.type()).contains("invalid_request_error");
  }

  private static EmbeddingCreateParams.Builder embedding() {
    return EmbeddingCreateParams.builder()
        .model("vectors")
        .inputOfArrayOfStrings(List.of("a mill race", "the sky is blue"));
  }

  private static ChatCompletionCreateParams.Builder askForTool() {
    return ask("tools")
        .maxCompletionTokens(200)
        .addTool(Weather.class)
        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
  }

  private static ChatCompletionCreateParams.Builder tooLongFor(String model) {
    return OpenAiJava.saying(model, TOO_LONG).temperature(0);
  }

  private static ChatCompletionCreateParams.Builder ask(String model) {
    return OpenAiJava.saying(model, "How is the weather in Oslo?").temperature(0);
  }
}
