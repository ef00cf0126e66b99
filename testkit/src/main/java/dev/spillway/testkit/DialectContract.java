package dev.spillway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Priority;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.chat.Operation;
import dev.spillway.wire.chat.ScannedRequest.Feature;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.dialect.HeaderLookup;
import dev.spillway.wire.dialect.UpstreamTarget;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Obstacle;
import dev.spillway.wire.resume.Resumption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link Dialect} must do, whatever its provider; a provider's test extends it. */
public abstract class DialectContract {
  private static final Instant NOW = Instant.parse("2026-06-11T12:00:00Z");
  private static final String SECRET = "my-diary";
  private static final String MESSAGES =
      "[{\"role\":\"user\",\"content\":\"É \\\"model\\\": \\u0041\"}]";
  private static final UpstreamTarget TARGET =
      new UpstreamTarget("", Translation.MODEL, null, EngineOrder.ARRIVAL);

  /** The dialect under test. */
  protected abstract Dialect dialect();

  @Test
  void sendsAPathThatNeedsNoFurtherEncoding() {
    for (Operation operation : Operation.values()) {
      String path = dialect().pathAndQuery(operation, TARGET);

      assertThat(path.replace(Operation.ID, "id"))
          .matches("/[A-Za-z0-9/._~%?=&-]+")
          .contains(operation.path().replace(Operation.ID, "id"));
    }
  }

  @Test
  void servesChatAndKeepsNothingThatItDoesNotMake() {
    assertThat(dialect().serves(Operation.CHAT_COMPLETIONS)).isTrue();
    for (Operation operation : Operation.values()) {
      if (operation.isOfKept() && dialect().serves(operation)) {
        assertThat(dialect().serves(Operation.RESPONSES)).as(operation.path()).isTrue();
      }
    }
  }

  @Test
  void sendsTheCredentialInExactlyOneHeader() {
    Map<String, String> headers = new LinkedHashMap<>();

    dialect().authenticate("k3y", headers::put);

    assertThat(headers).hasSize(1);
    headers.forEach((name, value) -> {
      assertThat(name).isEqualTo(name.toLowerCase(Locale.ROOT));
      assertThat(value).endsWith("k3y");
    });
  }

  @Test
  void namesTheModelAsTheProviderDoesAndKeepsTheMessagesToTheByte() {
    String sent = translated("{\"model\":\"ours\",\"seed\":7,\"messages\":" + MESSAGES + "}");

    assertThat(Translation.scanned(sent).model()).isEqualTo(Translation.MODEL);
    assertThat(sent).contains("\"seed\":7").contains("\"messages\":" + MESSAGES);
  }

  @Test
  void asksEveryStreamForItsUsage() {
    for (String options : List.of("", ",\"stream_options\":{\"include_usage\":false}")) {
      String body = "{\"stream\":true,\"model\":\"m\",\"messages\":" + MESSAGES + options + "}";

      assertThat(Translation.scanned(translated(body)).has(Feature.USAGE_CHUNK)).as(body).isTrue();
    }
  }

  @Test
  void asksAWholeAnswerForNoUsageChunk() {
    String body = "{\"model\":\"m\",\"messages\":" + MESSAGES + "}";

    assertThat(translated(body)).doesNotContain("stream_options");
  }

  @Test
  void letsNoClientChooseItsCacheSaltOrPriority() {
    String body = "{\"cache_salt\":\"other\",\"priority\":-99,\"model\":\"m\",\"messages\":";

    assertThat(translated(body + MESSAGES + "}")).doesNotContain("other").doesNotContain("-99");
  }

  @Test
  void letsNoClientSayWhereAnEngineFetchesFrom() {
    for (Operation operation : List.of(Operation.COMPLETIONS, Operation.MESSAGES)) {
      for (String field :
          List.of(
              "\"kv_transfer_params\":{\"remote_host\":\"evil\"}",
              "\"ec_transfer_params\":{\"h\":{\"peer_host\":\"evil\"}}",
              "\"vllm_xargs\":{\"kv_transfer_params\":{\"remote_host\":\"evil\"}}",
              "\"vllm_xargs\":{\"a\":1,\"ec_transfer\\u005fparams\":\"evil\"}",
              "\"bootstrap_host\":\"evil\"",
              "\"session_params\":{\"id\":\"evil\"}",
              "\"custom_logit_processor\":\"evil\"",
              "\"disagg_prefill_dp_rank\":\"evil\"")) {
        String body = "{" + field + ",\"model\":\"m\",\"prompt\":\"Hi\",\"messages\":[{}]}";

        assertThat(translation().of(operation, body)).as(field).doesNotContain("evil");
      }
    }
  }

  @Test
  void passesOnTheArgumentsOfAnEnginesExtensions() {
    String arguments = "\"vllm_xargs\":{\"target_token\":7}";

    assertThat(translated("{" + arguments + ",\"model\":\"m\",\"messages\":" + MESSAGES + "}"))
        .contains(arguments);
  }

  /** By such an id SGLang keeps a response, and gives it to whoever knows the id. */
  @Test
  void letsNoClientChooseTheIdOfAResponse() {
    String body = "{\"request_id\":\"resp_x\",\"rid\":\"resp_x\",\"model\":\"m\",\"input\":\"Hi\"}";

    assertThat(translation().of(Operation.RESPONSES, body))
        .doesNotContain("resp_x")
        .contains("\"input\":\"Hi\"");
  }

  @Test
  void continuesChatOnlyAsItSaysAndChangesNothingElse() {
    Continuation chat = new Continuation(dialect());
    String body = "{\"model\":\"m\",\"max_tokens\":9,\"stop\":\"é\",\"messages\":" + MESSAGES + "}";

    Obstacle obstacle = chat.obstacle(body);

    if (dialect().resumption() == Resumption.NONE) {
      assertThat(obstacle).isEqualTo(Obstacle.TARGET);
      assertThat(dialect().continues(Operation.CHAT_COMPLETIONS)).isFalse();
      return;
    }
    assertThat(obstacle).isNull();
    assertThat(dialect().continues(Operation.CHAT_COMPLETIONS)).isTrue();
    boolean flagged = dialect().resumption() == Resumption.CONTINUES_FINAL_MESSAGE;
    String opened = MESSAGES.substring(0, MESSAGES.length() - 1);
    assertThat(chat.sent(body))
        .contains("\"messages\":" + opened + "," + Continuation.MESSAGE + "]")
        .contains("\"max_tokens\":7,")
        .contains("\"stop\":\"é\"");
    assertThat(chat.sent(body).contains("\"continue_final_message\":true")).isEqualTo(flagged);
    assertThat(chat.sent(body).contains("\"add_generation_prompt\":false")).isEqualTo(flagged);
  }

  @Test
  void continuesCompletionsByALongerPrompt() {
    Continuation completions = new Continuation(dialect(), Operation.COMPLETIONS);

    assertThat(dialect().continues(Operation.COMPLETIONS)).isTrue();
    assertThat(completions.sent("{\"model\":\"m\",\"prompt\":\"É \\\"\"}"))
        .contains("\"prompt\":\"É \\\"" + Continuation.SHOWN + "\"")
        .doesNotContain("continue_final_message");
  }

  @Test
  void readsWhatTheStatusesSay() {
    assertThat(kind(401, "{}")).isEqualTo(Kind.MISCONFIGURED);
    assertThat(kind(403, "{}")).isEqualTo(Kind.MISCONFIGURED);
    assertThat(kind(404, "{}")).isEqualTo(Kind.MISCONFIGURED);
    assertThat(kind(429, "{}")).isEqualTo(Kind.RATE_LIMITED);
    assertThat(kind(500, "{}")).isEqualTo(Kind.SERVER_ERROR);
    assertThat(kind(502, "<html>")).isEqualTo(Kind.SERVER_ERROR);
    assertThat(kind(503, "")).isEqualTo(Kind.OVERLOADED);
    assertThat(kind(302, "")).isEqualTo(Kind.BAD_ANSWER);
  }

  @Test
  void tellsAWrongRequestFromOneThatAnotherMayTake() {
    assertThat(kind(400, error("invalid_value"))).isEqualTo(Kind.INVALID_REQUEST);
    assertThat(kind(400, error("context_length_exceeded"))).isEqualTo(Kind.CONTEXT_TOO_LONG);
    assertThat(kind(400, error("content_filter"))).isEqualTo(Kind.REFUSED_BY_FILTER);
    assertThat(kind(429, error("insufficient_quota"))).isEqualTo(Kind.MISCONFIGURED);
  }

  @Test
  void readsHowLongToStayAwayInEveryForm() {
    assertThat(retryAfter("retry-after-ms", "300")).isEqualTo(Duration.ofMillis(300));
    assertThat(retryAfter("retry-after", "12")).isEqualTo(Duration.ofSeconds(12));
    assertThat(retryAfter("retry-after", "Thu, 11 Jun 2026 12:00:30 GMT"))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(retryAfter("retry-after", "Thu, 11 Jun 2026 11:00:00 GMT"))
        .as("it is over")
        .isNull();
    assertThat(retryAfter("retry-after", "0")).as("no time at all").isNull();
    assertThat(retryAfter("retry-after", "1e300")).isEqualTo(Duration.ofHours(1));
    assertThat(failure(429, "{}", name -> name.equals("retry-after") ? "soon" : null).retryAfter())
        .isNull();
  }

  @Test
  void readsEveryStatusWithoutRepeatingTheProvidersWords() {
    String body = "{\"error\":{\"message\":\"" + SECRET + "\",\"code\":\"" + SECRET + " x\"}}";
    for (int status = 100; status < 600; status++) {
      AttemptFailure failure = failure(status, body, _ -> null);

      assertThat(failure.message())
          .contains(dialect().name())
          .contains(Integer.toString(status))
          .doesNotContain(SECRET);
    }
  }

  private Kind kind(int status, String body) {
    return failure(status, body, _ -> null).kind();
  }

  private static String error(String code) {
    return "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\""
        + code
        + "\"}}";
  }

  private @Nullable Duration retryAfter(String header, String value) {
    return failure(429, "{}", name -> name.equals(header) ? value : null).retryAfter();
  }

  private AttemptFailure failure(int status, String body, HeaderLookup headers) {
    return dialect().classify(new FailedAnswer(status, headers, ByteSlice.of(body), NOW));
  }

  private String translated(String body) {
    return translation().of(body);
  }

  private Translation translation() {
    return new Translation(dialect(), EngineOrder.ARRIVAL, Priority.HIGH);
  }
}
