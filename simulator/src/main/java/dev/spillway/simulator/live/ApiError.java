package dev.spillway.simulator.live;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered, as OpenAI's error object says it.
 *
 * @param param the field of the request at fault, or null
 * @param retryAfter the earliest useful retry, or null if the request itself must change
 */
record ApiError(
    HttpResponseStatus status,
    String type,
    @Nullable String code,
    @Nullable String param,
    String message,
    @Nullable Duration retryAfter) {
  private static final String INVALID = "invalid_request_error";

  static ApiError invalid(@Nullable String param, String message) {
    return new ApiError(HttpResponseStatus.BAD_REQUEST, INVALID, null, param, message, null);
  }

  static ApiError tooLong(long tokens, long most) {
    String message =
        "This model's maximum context length is "
            + most
            + " tokens. However, you requested "
            + tokens
            + " tokens. Please reduce the length of the messages or completion.";
    return new ApiError(
        HttpResponseStatus.BAD_REQUEST,
        INVALID,
        "context_length_exceeded",
        "messages",
        message,
        null);
  }

  static ApiError wrongKey() {
    String message = "Incorrect API key provided. Send it as 'api-key' or 'Authorization: Bearer'.";
    return new ApiError(
        HttpResponseStatus.UNAUTHORIZED, INVALID, "invalid_api_key", null, message, null);
  }

  static ApiError noSuchPath(String path) {
    String message = "Unknown request URL: " + path + ". Please check the URL for typos.";
    return new ApiError(HttpResponseStatus.NOT_FOUND, INVALID, "unknown_url", null, message, null);
  }

  static ApiError wrongMethod(String allowed) {
    String message = "Method not allowed (expected: " + allowed + ").";
    return new ApiError(
        HttpResponseStatus.METHOD_NOT_ALLOWED,
        INVALID,
        "method_not_supported",
        null,
        message,
        null);
  }

  static ApiError noSuchModel(String asked, String served) {
    String message = "The model '" + asked + "' does not exist here (expected: " + served + ").";
    return new ApiError(
        HttpResponseStatus.NOT_FOUND, INVALID, "model_not_found", "model", message, null);
  }

  static ApiError noSuchResponse(String id) {
    String message = "Previous response with id '" + id + "' not found.";
    return new ApiError(
        HttpResponseStatus.BAD_REQUEST,
        INVALID,
        "previous_response_not_found",
        "previous_response_id",
        message,
        null);
  }

  static ApiError responseNotKept(String id) {
    String message = "Response with id '" + id + "' not found.";
    return new ApiError(HttpResponseStatus.NOT_FOUND, INVALID, null, "response_id", message, null);
  }

  /** Somebody asked for it. */
  static ApiError simulated(int status, @Nullable Duration retryAfter) {
    String type =
        switch (status) {
          case 429 -> "rate_limit_exceeded";
          case 503 -> "service_unavailable_error";
          default -> status < 500 ? INVALID : "server_error";
        };
    String message = "This error is simulated, as was asked.";
    return new ApiError(
        HttpResponseStatus.valueOf(status), type, "simulated", null, message, retryAfter);
  }

  /** In the words of Azure's provisioned deployments. */
  static ApiError bucketFull(Duration retryAfter) {
    String message =
        "Requests to this simulated provisioned deployment have exceeded its provisioned"
            + " throughput. Please retry after "
            + Math.ceilDiv(retryAfter.toMillis(), 1_000)
            + " seconds.";
    return new ApiError(
        HttpResponseStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        "429",
        null,
        message,
        retryAfter);
  }

  String json() {
    var json = new StringBuilder("{\"error\":{\"message\":");
    Json.quote(message, json);
    json.append(",\"type\":\"").append(type).append("\",\"param\":");
    Json.quote(param, json);
    json.append(",\"code\":");
    Json.quote(code, json);
    return json.append("}}").toString();
  }
}
