package dev.spillway.wire.dialect;

import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.error.ErrorObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a status means where a provider says nothing else: the table of the OpenAI API's error codes
 * guide, with the codes of the engines that speak it.
 *
 * <p>A dialect asks this last, after what is its provider's own.
 */
public final class StatusReading {
  /**
   * What content filters say: OpenAI's and Azure's, for texts, prompts and images. In a stream, or
   * where somebody passes another's refusal on, they come with any status.
   */
  private static final Set<String> FILTER_CODES =
      Set.of(
          "content_filter",
          "contentFilter",
          "content_policy_violation",
          "image_content_policy_violation",
          "moderation_blocked",
          "invalid_prompt");

  private static final Set<String> TOO_LONG_CODES =
      Set.of("context_length_exceeded", "string_above_max_length", "exceed_context_size_error");

  /** How engines that have no code for it say that the input is too long; in lower case. */
  private static final List<String> TOO_LONG_WORDS =
      List.of(
          "maximum context length",
          "longer than the model's context length",
          "exceeds the available context size",
          "exceed context limit");

  private static final Set<String> NO_MONEY_CODES =
      Set.of("insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached");

  private StatusReading() {}

  /** The failure; {@code dialect} names who answered. */
  public static AttemptFailure of(String dialect, FailedAnswer answer) {
    ErrorObject error = ErrorObject.read(answer.body());
    return failure(dialect, kind(answer.status(), error), answer, error);
  }

  /** A failure of a kind that the dialect knows better. */
  public static AttemptFailure as(Kind kind, String dialect, FailedAnswer answer) {
    return failure(dialect, kind, answer, ErrorObject.read(answer.body()));
  }

  private static AttemptFailure failure(
      String dialect, Kind kind, FailedAnswer answer, @Nullable ErrorObject error) {
    String message = dialect + " answered " + answer.status() + code(error);
    return new AttemptFailure(
        kind, message, RetryAfter.read(answer.headers(), answer.receivedAt()));
  }

  /**
   * A provider's code if it looks like one; its message is its own affair, and may hold content.
   */
  private static String code(@Nullable ErrorObject error) {
    String code = error == null ? null : error.code() != null ? error.code() : error.type();
    return code != null && code.matches("[A-Za-z0-9_.-]{1,64}") ? " (" + code + ")" : "";
  }

  private static Kind kind(int status, @Nullable ErrorObject error) {
    if (error != null && has(FILTER_CODES, error)) {
      return Kind.REFUSED_BY_FILTER;
    }
    return switch (status) {
      case 400, 422 -> badRequest(error);
      case 401, 402, 403, 404, 405, 407, 410, 423 -> Kind.MISCONFIGURED;
      case 408 -> Kind.TIMED_OUT;
      case 409 -> Kind.SERVER_ERROR;
      case 413 -> Kind.CONTEXT_TOO_LONG;
      case 429 ->
          error != null && has(NO_MONEY_CODES, error) ? Kind.MISCONFIGURED : Kind.RATE_LIMITED;
      case 503, 529 -> Kind.OVERLOADED;
      default -> ofClass(status);
    };
  }

  private static Kind ofClass(int status) {
    if (status >= 500) {
      return Kind.SERVER_ERROR;
    }
    return status >= 400 ? Kind.INVALID_REQUEST : Kind.BAD_ANSWER;
  }

  private static Kind badRequest(@Nullable ErrorObject error) {
    if (error == null) {
      return Kind.INVALID_REQUEST; // not BAD_ANSWER: no client may get a deployment blamed
    }
    return has(TOO_LONG_CODES, error) || saysTooLong(error)
        ? Kind.CONTEXT_TOO_LONG
        : Kind.INVALID_REQUEST;
  }

  private static boolean has(Set<String> codes, ErrorObject error) {
    String code = error.code();
    return (code != null && codes.contains(code)) || codes.contains(error.type());
  }

  private static boolean saysTooLong(ErrorObject error) {
    String message = error.message().toLowerCase(Locale.ROOT);
    return TOO_LONG_WORDS.stream().anyMatch(message::contains);
  }
}
