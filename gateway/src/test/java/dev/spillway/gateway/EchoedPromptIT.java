package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Completions that begin with their prompt, which is no part of what was generated. */
class EchoedPromptIT {
  private static final String PROMPT = "word ".repeat(800);
  private static final int TOKENS = 100;
  private static final String ASK =
      "{\"model\":\"gpt-4o\",\"stream\":true,\"echo\":true,\"max_tokens\":200,\"prompt\":\""
          + PROMPT
          + "\"}";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void takesNoAnswerForWholeBecauseItsPromptIsLong(Protocol protocol) throws Exception {
    String events = text(PROMPT + "one") + text(" w").repeat(TOKENS - 1);
    Script cut = Script.send(Answers.streamHead() + Answers.chunks(events)).thenClose();
    try (ScriptedProvider provider = new ScriptedProvider(cut);
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/completions", ASK, AUTHORIZED));

      String body = client.receive().body();
      assertThat(body).startsWith(events).contains("stream_interrupted", "to be repeated");
      assertThat(body).doesNotContain("\"length\"").doesNotContain(Answers.DONE);
      RequestRecord record = hub.nextEnded();
      assertThat(record.outcome()).isEqualTo(Outcome.CUT);
      assertThat(record.failures()).hasSize(1);
      assertThat(record.usage().outputTokens()).isBetween(TOKENS / 2L, 2L * TOKENS);
    }
  }

  private static String text(String text) {
    return "data: {\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
        + "\"choices\":[{\"index\":0,\"text\":\""
        + text
        + "\",\"logprobs\":null,\"finish_reason\":null}]}\n\n";
  }
}
