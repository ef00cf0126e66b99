package dev.spillway.clients;

import static dev.spillway.clients.RunningHub.HASTY_KEY;
import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ToolChoiceOptions;
import dev.spillway.simulator.live.Fault;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Responses API by the official SDK for Java. */
class OpenAiJavaResponsesIT {
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

  /** What a tool takes, and what an answer is made of. */
  static final class Place {
    public String city = "";
  }

  @Test
  void answers() {
    Response answer = client.responses().create(ask(MODEL).build());

    assertThat(text(answer)).startsWith("This answer is simulated.");
    assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
    assertThat(answer.usage().orElseThrow().outputTokens()).isPositive();
    assertThat(answer.validate()).isSameAs(answer);
  }

  @Test
  void streams() {
    Response streamed = streamed(ask(MODEL));
    Response whole = client.responses().create(ask(MODEL).build());

    assertThat(text(streamed)).isEqualTo(text(whole));
    assertThat(streamed.usage()).isEqualTo(whole.usage());
  }

  @Test
  void callsToolsWholeAndStreamed() {
    ResponseCreateParams.Builder request =
        ask(MODEL).addTool(Place.class).toolChoice(ToolChoiceOptions.REQUIRED);

    ResponseFunctionToolCall whole = toolCall(client.responses().create(request.build()));
    ResponseFunctionToolCall streamed = toolCall(streamed(request));

    assertThat(whole.name()).isEqualTo("Place");
    assertThat(whole.arguments(Place.class).city).isEqualTo("simulated");
    assertThat(streamed.arguments()).isEqualTo(whole.arguments());
  }

  @Test
  void readsAnswersAsClasses() {
    Place place =
        client
            .responses()
            .create(ask(MODEL).text(Place.class).build())
            .output()
            .getFirst()
            .asMessage()
            .content()
            .getFirst()
            .asOutputText();

    assertThat(place.city).isEqualTo("simulated");
  }

  /** The SDK throws nothing here, but gives the error as the last event. */
  @Test
  void seesAStreamThatBreaksAsAnErrorEvent() {
    List<ResponseStreamEvent> events = events(saying(LONE_MODEL, "simulate(cut=3)"));

    assertThat(events.getLast().asError().code()).contains("stream_interrupted");
    assertThat(events).noneMatch(ResponseStreamEvent::isCompleted);
  }

  @Test
  void neverSeesARefusalThatAnotherDeploymentMakesGood() throws InterruptedException {
    hub.home().failNext(new Fault.Status(503, null));

    assertThat(text(client.responses().create(ask(MODEL).build())))
        .startsWith("This answer is simulated.");
    assertThat(hub.awaitRescue().failures()).hasSize(1);
  }

  /** Either engine may answer; only the one that did keeps it, and every later call finds it. */
  @Test
  void readsGoesOnFromAndCancelsWhatAnEngineKeeps() {
    for (int i = 0; i < 3; i++) {
      Response first = client.responses().create(ask(MODEL).build());

      assertThat(client.responses().retrieve(first.id())).isEqualTo(first);
      Response next = client.responses().create(ask(MODEL).previousResponseId(first.id()).build());
      assertThat(text(next)).startsWith("This answer is simulated.");
      assertThat(client.responses().cancel(first.id())).isEqualTo(first);
    }
  }

  /** Engines of vLLM delete nothing; one that speaks as OpenAI does. */
  @Test
  void findsNothingAfterItWasDeleted() {
    Response answer = client.responses().create(ask(LONE_MODEL).build());
    assertThat(client.responses().retrieve(answer.id())).isEqualTo(answer);

    client.responses().delete(answer.id());

    assertThatThrownBy(() -> client.responses().retrieve(answer.id()))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void readsAgainWhatWasStreamed() {
    Response streamed = streamed(ask(MODEL));

    assertThat(client.responses().retrieve(streamed.id())).isEqualTo(streamed);
  }

  @Test
  void findsNothingByTheIdOfAnotherTenantsResponse() {
    Response hers = client.responses().create(ask(MODEL).build());

    OpenAIClient other = OpenAiJava.client(hub, HASTY_KEY, 0);
    try {
      assertThatThrownBy(() -> other.responses().retrieve(hers.id()))
          .isInstanceOf(NotFoundException.class);
    } finally {
      other.close();
    }
  }

  private static Response streamed(ResponseCreateParams.Builder request) {
    ResponseAccumulator whole = ResponseAccumulator.create();
    events(request).forEach(whole::accumulate);
    return whole.response();
  }

  private static List<ResponseStreamEvent> events(ResponseCreateParams.Builder request) {
    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(request.build())) {
      return stream.stream().toList();
    }
  }

  private static ResponseFunctionToolCall toolCall(Response answer) {
    return answer.output().getFirst().asFunctionCall();
  }

  private static String text(Response answer) {
    return answer.output().stream()
        .map(ResponseOutputItem::asMessage)
        .flatMap(message -> message.content().stream())
        .map(content -> content.asOutputText().text())
        .collect(Collectors.joining());
  }

  private static ResponseCreateParams.Builder ask(String model) {
    return saying(model, "Say something.");
  }

  private static ResponseCreateParams.Builder saying(String model, String text) {
    return ResponseCreateParams.builder().model(model).input(text);
  }
}
