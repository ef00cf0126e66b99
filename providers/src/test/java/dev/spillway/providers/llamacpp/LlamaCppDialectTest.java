package dev.spillway.providers.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Priority;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.testkit.Continuation;
import dev.spillway.testkit.DialectContract;
import dev.spillway.testkit.Translation;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Obstacle;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaCppDialectTest extends DialectContract {
  private final LlamaCppDialect llama = new LlamaCppDialect();
  private final Continuation continuation = new Continuation(llama);

  @Override
  protected Dialect dialect() {
    return llama;
  }

  @Test
  void servesAnthropicsMessages() {
    assertThat(llama.serves(Operation.MESSAGES)).isTrue();
    assertThat(llama.serves(Operation.MESSAGE_TOKENS)).isTrue();
  }

  @Test
  void letsItsOwnNamesSayNothingOtherThanTheApis() {
    assertThat(translated("\"n_cmpl\":4,")).doesNotContain("n_cmpl");
    assertThat(translated("\"max_tokens\":2,\"n_predict\":20,"))
        .contains("\"max_tokens\":2")
        .doesNotContain("n_predict");
    assertThat(translated("\"n_predict\":20,")).contains("\"n_predict\":20");
  }

  @Test
  void turnsThinkingOffForAnAnswerThatHasBegun() {
    assertThat(continuation.sent(body("[{}]", "")))
        .contains("\"chat_template_kwargs\":{\"enable_thinking\":false}");
  }

  @Test
  void leavesTheTemplatesArgumentsToAClientThatSetsThem() {
    String arguments = "\"chat_template_kwargs\":{\"x\":1},";

    assertThat(continuation.sent(body("[{}]", arguments)))
        .contains(arguments)
        .doesNotContain("enable_thinking");
  }

  @Test
  void addsToTheClientsOwnBeginningSinceTwoMessagesWouldBeRefused() {
    String prefill = "[{\"role\":\"assistant\",\"content\":\"So: \"}]";

    assertThat(continuation.sent(body(prefill, "")))
        .contains(prefill.replace("So: ", "So: " + Continuation.SHOWN));
  }

  @Test
  void cannotAddToABeginningThatIsMoreThanText() {
    for (String content :
        new String[] {
          "[{\"type\":\"text\",\"text\":\"So: \"}]", "null", "\"a\",\"tool_calls\":[{}]"
        }) {
      String prefill = "[{\"role\":\"assistant\",\"content\":" + content + "}]";

      assertThat(continuation.obstacle(body(prefill, ""))).isEqualTo(Obstacle.PREFILL);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image input is not supported - hint: you may need to provide the mmproj",
        "Failed to parse tools: Unsupported tool type: x",
        "Failed to parse messages: [json.exception.out_of_range.403] key 'text' not found",
        "Cannot use both json_schema and grammar",
        "[json.exception.type_error.302] type must be string, but is number",
        "{{ raise_exception('Conversation roles must alternate') }}"
      })
  void blamesTheRequestForWhatItWasReadAs(String message) {
    assertThat(kind(500, "server_error", message)).isEqualTo(Kind.INVALID_REQUEST);
  }

  @Test
  void takesAnInputBeyondItsBatchForOneThatIsTooLong() {
    String message = "input (602 tokens) is too large to process. increase the physical batch size";

    assertThat(kind(500, "server_error", message)).isEqualTo(Kind.CONTEXT_TOO_LONG);
  }

  @Test
  void knowsThatTheContextIsTooLong() {
    String message = "request (900 tokens) exceeds the size";

    assertThat(kind(400, "exceed_context_size_error", message)).isEqualTo(Kind.CONTEXT_TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Compute error.",
        "Invalid input batch.",
        "Context size has been exceeded.",
        "got exception: Failed to parse tools"
      })
  void blamesTheEngineForItsOwnFailures(String message) {
    assertThat(kind(500, "server_error", message)).isEqualTo(Kind.SERVER_ERROR);
  }

  @Test
  void isOverloadedWhileItLoads() {
    assertThat(kind(503, "unavailable_error", "Loading model")).isEqualTo(Kind.OVERLOADED);
  }

  private Kind kind(int status, String type, String message) {
    String body =
        "{\"error\":{\"code\":%d,\"message\":\"%s\",\"type\":\"%s\",\"n_ctx\":8}}"
            .formatted(status, message, type);
    FailedAnswer answer = new FailedAnswer(status, _ -> null, ByteSlice.of(body), Instant.EPOCH);
    return llama.classify(answer).kind();
  }

  private String translated(String more) {
    return new Translation(llama, EngineOrder.ARRIVAL, Priority.NORMAL).of(body("[{}]", more));
  }

  private static String body(String messages, String more) {
    return "{" + more + "\"model\":\"m\",\"messages\":" + messages + "}";
  }
}
