package dev.spillway.clients;

import static dev.spillway.clients.EngineHub.home;
import static dev.spillway.clients.EngineHub.partner;
import static dev.spillway.clients.OpenAiJava.content;
import static dev.spillway.clients.OpenAiJava.streamed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartImage.ImageUrl;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The official SDK for Java, the hub, and a server of llama.cpp that somebody runs, with four slots
 * at least. Any chat model without eyes will do, since a grammar makes it keep to a schema.
 */
@EnabledIfEnvironmentVariable(
    named = RealEngineIT.ENGINE_URL,
    matches = "https?://.+",
    disabledReason = "SPILLWAY_ENGINE_URL names no server of llama.cpp")
class RealEngineIT {
  static final String ENGINE_URL = "SPILLWAY_ENGINE_URL";

  private static final String MODEL = "small";

  /** More than comes before the wire breaks; characters. */
  private static final int ALIKE = 60;

  /** Of which the first says only who speaks. */
  private static final int IN_THE_MIDDLE = 9;

  private static final int BEFORE_ANY_CONTENT = 1;

  /** More than enough for a breaker to open, if they counted. */
  private static final int MANY = 12;

  private static final int CONTEXT = 2048;
  private static final String QUESTION = "Why is the sky blue?";

  private static CutWire wire;
  private static CutWire shortWire;
  private static EngineHub hub;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    String url = Objects.requireNonNull(System.getenv(ENGINE_URL));
    wire = CutWire.to(URI.create(url), IN_THE_MIDDLE);
    shortWire = CutWire.to(URI.create(url), BEFORE_ANY_CONTENT);
    hub =
        EngineHub.of(
            home("real", MODEL, url, CONTEXT),
            home("breaks", "breaks", wire.url(), CONTEXT),
            partner("mends", "breaks", url, CONTEXT),
            home("begins", "begins", shortWire.url(), CONTEXT),
            partner("answers", "begins", url, CONTEXT));
    client = hub.client();
  }

  @AfterAll
  static void stop() throws IOException {
    hub.close();
    wire.close();
    shortWire.close();
  }

  /** What an answer is made of. */
  static final class Place {
    public Sky sky = Sky.CLEAR;
    public Sky tomorrow = Sky.CLEAR;

    /** What a small model cannot get wrong, nor make long. */
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
    ChatCompletion answer = streamed(client, ask().streamOptions(withUsage()));

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
    int before = wire.cuts();

    String mended = content(streamed(client, ask("breaks", QUESTION).maxCompletionTokens(48)));

    assertThat(wire.cuts()).isEqualTo(before + 1);
    assertThat(whole).hasSizeGreaterThan(ALIKE);
    assertThat(mended).startsWith(whole.substring(0, ALIKE));
    assertThat(hub.ended("breaks").continuations()).isEqualTo(1);
  }

  @Test
  void readsAnswersAsClasses() {
    Place whole =
        client
            .chat()
            .completions()
            .create(askForPlace(MODEL).responseFormat(Place.class).build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();

    assertThat(whole.sky).isNotNull();
    assertThat(OpenAiJava.streamed(client, askForPlace(MODEL), Place.class).tomorrow).isNotNull();
  }

  /** Not even where the engine could: nothing tells which builds begin their grammar anew. */
  @Test
  void endsJsonThatBreaksOffWithAClearError() throws Exception {
    int before = wire.cuts();

    assertThatThrownBy(() -> OpenAiJava.streamed(client, askForPlace("breaks"), Place.class))
        .hasStackTraceContaining("stream broken")
        .hasStackTraceContaining("the output is bound to JSON or a grammar");

    assertThat(wire.cuts()).isEqualTo(before + 1);
    assertThat(hub.ended("breaks").outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void beginsJsonAnewThatBreaksOffBeforeAnyWasShown() throws Exception {
    Place place = OpenAiJava.streamed(client, askForPlace("begins"), Place.class);

    assertThat(shortWire.cuts()).isPositive();
    assertThat(place.sky).isNotNull();
    assertThat(hub.ended("begins").failures()).hasSize(1);
  }

  @Test
  void stopsAtAString() {
    String whole = content(create(ask()));
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
    String until = whole.substring(0, whole.indexOf(stop));

    ChatCompletion answer = create(ask().stop(stop));
    ChatCompletion streamed = streamed(client, ask().stop(stop));

    assertThat(content(answer)).isEqualTo(until);
    assertThat(content(streamed)).isEqualTo(until);
    assertThat(finish(answer)).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(finish(streamed)).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
  }

  @Test
  void saysThatItHadNoMoreTokens() {
    assertThat(finish(create(ask().maxCompletionTokens(2))))
        .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
  }

  @Test
  void givesSeveralAnswers() {
    assertThat(create(ask().n(2)).choices()).hasSize(2);
    assertThat(streamed(client, ask().n(2).streamOptions(withUsage())).choices())
        .hasSize(2)
        .allMatch(choice -> choice.message().content().filter(text -> !text.isBlank()).isPresent());
  }

  @Test
  void tellsHowProbableItsWordsWere() {
    ChatCompletion answer = create(ask().logprobs(true).topLogprobs(2));
    ChatCompletion streamed = streamed(client, ask().logprobs(true).topLogprobs(2));

    for (ChatCompletion each : List.of(answer, streamed)) {
      var tokens = each.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
      assertThat(tokens).isNotEmpty();
      assertThat(tokens.getFirst().topLogprobs()).hasSize(2);
    }
  }

  @Test
  void losesNoDeploymentToOneWhoAsksForWhatItCannotRead() {
    ChatCompletionContentPartImage image =
        ChatCompletionContentPartImage.builder()
            .imageUrl(ImageUrl.builder().url("data:image/png;base64,AAAA").build())
            .build();
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model(MODEL)
            .addUserMessageOfArrayOfContentParts(
                List.of(ChatCompletionContentPart.ofImageUrl(image)))
            .build();

    for (int i = 0; i < MANY; i++) {
      assertThatThrownBy(() -> client.chat().completions().create(request))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("image input is not supported");
    }

    assertThat(content(create(ask()))).isNotBlank();
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

  private static ChatCompletion.Choice.FinishReason finish(ChatCompletion answer) {
    return answer.choices().getFirst().finishReason();
  }

  private static ChatCompletion create(ChatCompletionCreateParams.Builder request) {
    return client.chat().completions().create(request.build());
  }

  private static ChatCompletionCreateParams.Builder askForPlace(String model) {
    return ask(model, "How is the sky, as JSON?").maxCompletionTokens(200);
  }

  private static ChatCompletionStreamOptions withUsage() {
    return ChatCompletionStreamOptions.builder().includeUsage(true).build();
  }

  private static ChatCompletionCreateParams.Builder ask() {
    return ask(MODEL, QUESTION).maxCompletionTokens(16);
  }

  private static ChatCompletionCreateParams.Builder ask(String model, String text) {
    return OpenAiJava.saying(model, text).temperature(0);
  }
}
