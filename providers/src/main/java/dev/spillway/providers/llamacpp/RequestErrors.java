package dev.spillway.providers.llamacpp;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.wire.dialect.FailedAnswer;
import dev.spillway.wire.error.ErrorObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server of llama.cpp calls an error of its own, and is one of the request.
 *
 * <p>Whatever it throws while it reads a request, but for {@code std::invalid_argument}, becomes a
 * 500 ({@code ex_wrapper} in tools/server/server.cpp, {@code oaicompat_chat_params_parse} in
 * server-common.cpp, common/chat.cpp, in llama-cpp-python 0.3.36, read and tried 2026-11-27). Were
 * it believed, a client that sends a few images to a model without eyes would take the deployment
 * from everybody.
 */
final class RequestErrors {
  private static final int SERVER_ERROR = 500;

  /** How what it says of a wrong request begins. */
  private static final List<String> BEGINNINGS =
      List.of(
          "image input is not supported",
          "audio input is not supported",
          "video input is not supported",
          "Failed to load image or audio file",
          "Failed to download image",
          "Failed to tokenize prompt",
          "Invalid base64 value",
          "Failed to parse messages",
          "Failed to parse tools",
          "Cannot use both json_schema and grammar",
          "Cannot specify grammar with tools",
          "Unknown reasoning format",
          "Unsupported param",
          "Only no echo is supported",
          "tools param requires --jinja",
          "tool_choice param requires --jinja",
          "[json.exception.type_error.302]",
          "[json.exception.out_of_range.403]");

  /** Of an input to embed that does not fit into one batch, which then cannot be cut. */
  private static final String BEYOND_A_BATCH = "too large to process";

  /** A template that does not take the messages, as builds before 2026 tell it. */
  private static final String BY_THE_TEMPLATE = "raise_exception(";

  private RequestErrors() {}

  /** What it means; null if it is not one of these. */
  static @Nullable Kind kind(FailedAnswer answer) {
    ErrorObject error = answer.status() == SERVER_ERROR ? ErrorObject.read(answer.body()) : null;
    if (error == null) {
      return null;
    }
    String message = error.message();
    if (message.startsWith("input ") && message.contains(BEYOND_A_BATCH)) {
      return Kind.CONTEXT_TOO_LONG;
    }
    boolean wrong =
        BEGINNINGS.stream().anyMatch(message::startsWith) || message.contains(BY_THE_TEMPLATE);
    return wrong ? Kind.INVALID_REQUEST : null;
  }
}
