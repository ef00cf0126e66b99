package dev.spillway.wire.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonTree;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorObjectTest {
  private static final ErrorObject NASTY =
      new ErrorObject("a \"quote\", a\nline, \u0001 é 😀 \ud800", "t", null, "c");

  @Test
  void writesExactlyTheFourFieldsAsABody() {
    assertThat(new String(NASTY.body(), UTF_8))
        .isEqualTo(
            "{\"error\":{\"message\":\"a \\\"quote\\\", a\\nline, \\u0001 é 😀 \uFFFD\","
                + "\"type\":\"t\",\"param\":null,\"code\":\"c\"}}");
  }

  @Test
  void writesAnEventThatIsNamedError() {
    String event = new String(NASTY.event(), UTF_8);

    assertThat(event).startsWith("event: error\ndata: {\"error\":{").endsWith("}}\n\n");
    assertThat(event.lines()).as("lines: the message's own is escaped").hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(ErrorKind.class)
  void everyKindWritesWhatItReads(ErrorKind kind) {
    ErrorObject error = kind.because("why", "field").error();

    assertThat(ErrorObject.read(ByteSlice.of(error.body()))).isEqualTo(error);
    assertThat(kind.status()).isBetween(400, 599);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":429}}",
        "{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":\"429\",\"object\":\"error\"}",
        "{\"detail\":{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":429}}",
      })
  void readsTheFormsThatProvidersSend(String body) {
    assertThat(ErrorObject.read(ByteSlice.of(body)))
        .isEqualTo(new ErrorObject("m", "t", "p", "429"));
  }

  /** As llama.cpp and vLLM say it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"code\":400,\"message\":\"m\",\"type\":\"exceed_context_size_error\",\"n_ctx\":8}}",
        "{\"error\":{\"code\":400,\"message\":\"m\",\"type\":\"BadRequestError\",\"param\":null}}",
      })
  void tellsAContextThatIsTooLongByTheCodeThatClientsLookFor(String body) {
    ErrorObject error = Objects.requireNonNull(ErrorObject.read(ByteSlice.of(body)));

    assertThat(error.as(ErrorKind.CONTEXT_TOO_LONG))
        .isEqualTo(new ErrorObject("m", "invalid_request_error", null, "context_length_exceeded"));
  }

  @Test
  void tellsNoClientThatItsOwnMistakeIsAServers() {
    ErrorObject error = new ErrorObject("m", "server_error", null, "500");

    assertThat(error.as(ErrorKind.INVALID_VALUE))
        .isEqualTo(new ErrorObject("m", "invalid_request_error", null, "invalid_value"));
  }

  @ParameterizedTest
  @CsvSource({
    "rate_limit_exceeded, requests, 429",
    "429, , 429",
    ", RateLimitError, 429",
    "insufficient_quota, insufficient_quota, 429",
    ", overloaded_error, 503",
    "503, unavailable_error, 503",
    "invalid_api_key, invalid_request_error, 401",
    ", authentication_error, 401",
    "model_not_found, invalid_request_error, 404",
    ", BadRequestError, 400",
    "context_length_exceeded, invalid_request_error, 400",
    "server_error, , 500",
    "server_error, invalid_request_error, 500",
    "200, , 500",
    "nobody_knows_this, neither_this, 500",
    ", error, 500",
  })
  void saysTheStatusThatItWouldHaveComeWith(
      @Nullable String code, @Nullable String type, int status) {
    assertThat(new ErrorObject("m", type == null ? "api_error" : type, null, code).status())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{}", "[]", "{\"error\":null}", "{\"error\":{}}"})
  void readsNothingWhereThereIsNoError(String body) {
    assertThat(ErrorObject.read(ByteSlice.of(body))).isNull();
  }

  @Test
  void namesTheClauseThatRefused() {
    Refusal refusal = Refusal.refusedByContract("pretraining-home", "because so");

    assertThat(refusal.status()).isEqualTo(403);
    assertThat(JsonTree.at(JsonTree.read(new String(refusal.error().body(), UTF_8)), "error"))
        .isEqualTo(
            Map.of(
                "message",
                "Refused by clause 'pretraining-home' of the contract: because so.",
                "type",
                "permission_error",
                "param",
                "pretraining-home",
                "code",
                "refused_by_contract"));
  }

  @Test
  void echoesNoMoreOfAModelThanFitsALogLine() {
    String message = Refusal.unknownModel("x".repeat(10_000)).error().message();

    assertThat(message.length()).isLessThan(200);
    assertThat(Refusal.unknownModel("a\nb").error().message()).doesNotContain("\n");
  }

  @Test
  void saysNothingOfWhenToComeBackWhereNobodyKnows() {
    assertThat(Refusal.noCapacity("m", Duration.ZERO).retryAfter()).isNull();
  }

  @Test
  void isOneLineOfAnEventWhateverTheProviderSent() {
    ErrorObject error = new ErrorObject("m", "t", null, null, "{\n\n\"a\":\r\n1}");

    assertThat(new String(error.event(), UTF_8)).endsWith("\"innererror\":{  \"a\":  1}}}\n\n");
  }

  @Test
  void saysWhenToComeBack() {
    assertThat(Refusal.noCapacity("m", Duration.ofSeconds(2)).retryAfter())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(ErrorKind.BUDGET_EXHAUSTED.worthRetrying()).isFalse();
  }
}
