package dev.spillway.clients;

import static dev.spillway.clients.EngineHub.home;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import dev.spillway.gateway.telemetry.RequestRecord;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Anthropic's SDK for Java, the hub, and a server of llama.cpp of December 2025 or later. */
@EnabledIfEnvironmentVariable(
    named = RealEngineIT.ENGINE_URL,
    matches = "https?://.+",
    disabledReason = "SPILLWAY_ENGINE_URL names no server of llama.cpp")
class RealMessagesIT {
  private static final String MODEL = "small";

  /** The same under another name, of whose requests nobody wants to hear. */
  private static final String UNHEARD = "unheard";

  private static final int CONTEXT = 2048;

  private static EngineHub hub;
  private static AnthropicClient client;

  @BeforeAll
  static void start() throws Exception {
    String url = Objects.requireNonNull(System.getenv(RealEngineIT.ENGINE_URL));
    hub = EngineHub.of(home("real", MODEL, url, CONTEXT), home("same", UNHEARD, url, CONTEXT));
    client = hub.anthropic();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void answersAndStreamsTheSame() throws Exception {
    Message whole = client.messages().create(ask("Why is the sky blue?").build());
    RequestRecord first = hub.ended(MODEL);
    Message streamed = streamed(ask("Why is the sky blue?"));
    RequestRecord second = hub.ended(MODEL);

    assertThat(text(whole)).isNotBlank().isEqualTo(text(streamed));
    assertThat(whole.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(streamed.stopReason()).contains(StopReason.MAX_TOKENS);
    assertThat(streamed.usage().outputTokens()).isEqualTo(8);
    assertThat(first.usage().outputTokens()).isEqualTo(8);
    assertThat(second.usage().outputTokens()).isEqualTo(8);
    assertThat(second.usage().inputTokens()).isEqualTo(first.usage().inputTokens());
  }

  @Test
  void countsTokens() {
    MessageCountTokensParams request =
        MessageCountTokensParams.builder().model(UNHEARD).addUserMessage("Why?").build();

    assertThat(client.messages().countTokens(request).inputTokens()).isPositive();
  }

  private static Message streamed(MessageCreateParams.Builder request) {
    MessageAccumulator whole = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events =
        client.messages().createStreaming(request.build())) {
      events.stream().forEach(whole::accumulate);
    }
    return whole.message();
  }

  private static String text(Message answer) {
    return answer.content().getFirst().asText().text();
  }

  private static MessageCreateParams.Builder ask(String text) {
    return MessageCreateParams.builder()
        .model(MODEL)
        .maxTokens(8)
        .putAdditionalBodyProperty("temperature", JsonValue.from(0))
        .addUserMessage(text);
  }
}
