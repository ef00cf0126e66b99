package dev.spillway.site.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.site.engine.Reading;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOperationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chat/completions",
        "POST /v1/completions",
        "POST /v1/embeddings",
        "POST /v1/responses",
        "POST /v1/messages",
        "POST /v1/messages/count_tokens",
        "POST /v1/audio/speech",
        "GET /v1/responses/resp_1",
        "GET /v1/responses/resp_1?stream=true&starting_after=4",
        "DELETE /v1/responses/resp_1",
        "POST /v1/responses/resp_1/cancel",
        "GET /v1/responses/resp_1/input_items?limit=2",
      })
  void passesOnWhatIsServed(String line) {
    String[] parts = line.split(" ", -1);

    EngineOperation operation = EngineOperation.of(parts[0], parts[1]);

    assertThat(operation).isNotNull();
    assertThat(operation.method()).isEqualTo(HttpMethod.valueOf(parts[0]));
    assertThat("/v1" + operation.pathAndQuery()).isEqualTo(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/chat/completions",
        "POST /v1/chat/completions?x=y",
        "POST /v1/chat/completions/",
        "PUT /v1/responses/resp_1",
        "POST /v1/responses/resp_1",
        "DELETE /v1/responses/resp_1/cancel",
        "GET /v1/responses/resp_1/cancel",
        "POST /v1/responses/resp_1/input_items",
        "GET /v1/responses/",
        "GET /v1/responses/../metrics",
        "GET /v1/responses/a/../../x",
        "GET /v1/responses/a%2f..",
        "GET /v1/responses/a?x=\r\nevil: 1",
        "GET /v1/responses/a?b c",
        "GET /v1/models",
        "POST /reset_prefix_cache",
        "POST /v1",
        "POST ",
      })
  void passesNothingElseOn(String line) {
    int space = line.indexOf(' ');

    assertThat(EngineOperation.of(line.substring(0, space), line.substring(space + 1))).isNull();
  }

  @Test
  void passesNoPathOnThatIsTooLongOrMissing() {
    assertThat(EngineOperation.of("GET", "/v1/responses/a?" + "x".repeat(5_000))).isNull();
    assertThat(EngineOperation.of(null, "/v1/responses")).isNull();
    assertThat(EngineOperation.of("POST", null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, true, SEEN",
    "/v1/chat/completions, false, UNSEEN",
    "/v1/messages, true, SEEN",
    "/v1/responses, true, UNSEEN",
    "/v1/responses, false, UNSEEN",
    "/v1/embeddings, false, SEEN",
    "/v1/messages/count_tokens, false, UNSEEN",
    "/v1/audio/speech, false, UNSEEN",
  })
  void knowsWhatTheBeginningOfAnAnswerSaysOfReading(
      String path, boolean streamed, Reading reading) {
    EngineOperation operation = EngineOperation.of("POST", path);

    assertThat(operation).isNotNull();
    assertThat(operation.reading(streamed)).isEqualTo(reading);
  }

  @Test
  void knowsWhatReadsAPromptAndWhatIsKept() {
    EngineOperation chat = EngineOperation.of("POST", "/v1/chat/completions");
    EngineOperation made = EngineOperation.of("POST", "/v1/responses");
    EngineOperation kept = EngineOperation.of("GET", "/v1/responses/resp_1");
    EngineOperation other = EngineOperation.of("POST", "/v1/embeddings");

    assertThat(chat).matches(each -> each.isOfPrompt() && !each.isKeptByReplica());
    assertThat(made).matches(each -> each.isOfPrompt() && each.isKeptByReplica());
    assertThat(made).matches(each -> !each.isOfKept());
    assertThat(kept).matches(each -> !each.isOfPrompt() && each.isKeptByReplica());
    assertThat(kept).matches(EngineOperation::isOfKept);
    assertThat(other).matches(each -> !each.isOfPrompt() && !each.isKeptByReplica());
  }
}
