package dev.spillway.clients;

import static dev.spillway.clients.RunningHub.HASTY_KEY;
import static dev.spillway.clients.RunningHub.KEY;
import static dev.spillway.clients.RunningHub.LONE_MODEL;
import static dev.spillway.clients.RunningHub.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import dev.spillway.simulator.live.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Anthropic's official SDK for Java, with engines that speak its API. */
class AnthropicJavaIT {
  private static RunningHub hub;
  private static AnthropicClient client;
  private static AnthropicClient hasty;

  @BeforeAll
  static void start() throws Exception {
    hub = RunningHub.start();
    client = client(KEY, 0);
    hasty = client(HASTY_KEY, 2);
  }

  @AfterAll
  static void stop() {
    client.close();
    hasty.close();
    hub.close();
  }

  @Test
  void answers() {
    Message answer = client.messages().create(ask(MODEL).build());

    assertThat(text(answer)).startsWith("This answer is simulated.");
    assertThat(answer.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(answer.usage().outputTokens()).isEqualTo(20);
  }

  @Test
  void streamsWhatItWouldSayAtOnce() {
    Message streamed = streamed(ask(MODEL));
    Message whole = client.messages().create(ask(MODEL).build());

    assertThat(text(streamed)).isEqualTo(text(whole));
    assertThat(streamed.stopReason()).isEqualTo(whole.stopReason());
    assertThat(streamed.usage().outputTokens()).isEqualTo(whole.usage().outputTokens());
  }

  @Test
  void callsToolsWholeAndStreamed() {
    Tool.InputSchema schema =
        Tool.InputSchema.builder()
            .properties(
                Tool.InputSchema.Properties.builder()
                    .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                    .build())
            .required(List.of("city"))
            .build();
    MessageCreateParams.Builder request =
        ask(MODEL)
            .addTool(Tool.builder().name("weather").inputSchema(schema).build())
            .toolChoice(ToolChoiceAny.builder().build());

    Message whole = client.messages().create(request.build());
    Message streamed = streamed(request);

    assertThat(whole.stopReason()).contains(StopReason.TOOL_USE);
    assertThat(whole.content().getFirst().asToolUse().name()).isEqualTo("weather");
    assertThat(whole.content().getFirst().asToolUse()._input().toString()).contains("simulated");
    assertThat(streamed.content().getFirst().asToolUse()._input())
        .isEqualTo(whole.content().getFirst().asToolUse()._input());
  }

  @Test
  void neverSeesARefusalThatAnotherDeploymentMakesGood() throws InterruptedException {
    hub.home().failNext(new Fault.Status(503, null));

    assertThat(text(client.messages().create(ask(MODEL).build())))
        .startsWith("This answer is simulated.");
    assertThat(hub.awaitRescue().failures()).hasSize(1);
  }

  @Test
  void seesAStreamThatIsCutAsAnError() {
    assertThatThrownBy(() -> streamed(ask(MODEL).addUserMessage("simulate(cut=3)")))
        .isInstanceOf(AnthropicException.class);
  }

  @Test
  void isToldWhoIsNotServedOrWhatIsNot() {
    AnthropicClient stranger = client("sk-nobody", 0);
    assertThatThrownBy(() -> stranger.messages().create(ask(MODEL).build()))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("not valid at this hub");
    assertThatThrownBy(() -> client.messages().create(ask(LONE_MODEL).build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(LONE_MODEL);
  }

  @Test
  void seesWhatTheEngineSaysOfABadRequest() {
    assertThatThrownBy(() -> client.messages().create(ask(MODEL).maxTokens(0).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("max_tokens");
  }

  @Test
  void seesItsTenantsLimitAsOne() throws Exception {
    AnthropicClient once = hasty.withOptions(options -> options.maxRetries(0));

    try (var _ = TakenPlace.take(hub)) {
      assertThatThrownBy(() -> once.messages().create(ask(MODEL).build()))
          .isInstanceOf(RateLimitException.class)
          .hasMessageContaining("requests at once");
    }
  }

  @Test
  void waitsAsLongAsItIsAskedAndTriesAgain() throws Exception {
    var whole = ClientRetry.of(hub, () -> hasty.messages().create(ask(MODEL).build()));
    var streamed = ClientRetry.of(hub, () -> streamed(hasty, ask(MODEL)));

    assertThat(text(whole.answer())).startsWith("This answer is simulated.");
    assertThat(text(streamed.answer())).isEqualTo(text(whole.answer()));
    assertThat(whole.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
    assertThat(streamed.waited()).isGreaterThanOrEqualTo(ClientRetry.ASKED);
  }

  private static Message streamed(MessageCreateParams.Builder request) {
    return streamed(client, request);
  }

  private static Message streamed(AnthropicClient client, MessageCreateParams.Builder request) {
    MessageAccumulator whole = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events =
        client.messages().createStreaming(request.build())) {
      events.stream().forEach(whole::accumulate);
    }
    return whole.message();
  }

  private static String text(Message answer) {
    ContentBlock first = answer.content().getFirst();
    return first.asText().text();
  }

  private static MessageCreateParams.Builder ask(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(20)
        .addUserMessage("Say something.");
  }

  private static AnthropicClient client(String key, int retries) {
    return AnthropicOkHttpClient.builder()
        .apiKey(key)
        .baseUrl("http://127.0.0.1:" + hub.port())
        .maxRetries(retries)
        .build();
  }
}
