package dev.spillway.wire.error;

import org.jspecify.annotations.Nullable;

/**
 * Every way in which the hub says no: its status, its type and its code.
 *
 * <p>Statuses and types are those for which the official clients have a class (reference: the error
 * codes guide of the OpenAI API). {@link #worthRetrying} becomes {@code x-should-retry}, which the
 * official clients obey before they look at the status.
 */
public enum ErrorKind {
  /** The body is not JSON, or not valid UTF-8. */
  INVALID_JSON(400, "invalid_request_error", "invalid_json"),
  /** A field that routing reads is missing, twice there, or of the wrong type. */
  INVALID_VALUE(400, "invalid_request_error", "invalid_value"),
  /** The framing or the headers of the HTTP request are wrong. */
  BAD_REQUEST(400, "invalid_request_error", "bad_request"),
  /** The request is longer than any deployment that it may use takes. */
  CONTEXT_TOO_LONG(400, "invalid_request_error", "context_length_exceeded"),
  /** A provider's content filter refused the request. */
  CONTENT_FILTER(400, "invalid_request_error", "content_filter"),
  /** No key came with the request. */
  MISSING_KEY(401, "invalid_request_error", "missing_api_key"),
  /** A key came that nobody has. */
  WRONG_KEY(401, "invalid_request_error", "invalid_api_key"),
  /** A clause of the contract forbids every deployment. */
  REFUSED_BY_CONTRACT(403, "permission_error", "refused_by_contract"),
  /** The key may not do this. */
  FORBIDDEN(403, "permission_error", "forbidden"),
  /** No such path. */
  UNKNOWN_PATH(404, "invalid_request_error", "unknown_url"),
  /** No such model, or none that this tenant may see. */
  UNKNOWN_MODEL(404, "invalid_request_error", "model_not_found"),
  /** No response of that id is kept for this tenant. */
  UNKNOWN_RESPONSE(404, "invalid_request_error", "response_not_found"),
  /** The path exists, but not with this method. */
  WRONG_METHOD(405, "invalid_request_error", "method_not_allowed"),
  /** The client took too long to send its request. */
  REQUEST_TOO_SLOW(408, "invalid_request_error", "request_timeout"),
  /** The body is larger than this hub takes. */
  BODY_TOO_LARGE(413, "invalid_request_error", "request_too_large"),
  /** The body is not {@code application/json}. */
  WRONG_CONTENT_TYPE(415, "invalid_request_error", "unsupported_media_type"),
  /** A provider understood the request and finds it wrong. */
  UNPROCESSABLE(422, "invalid_request_error", "unprocessable"),
  /** The head of the request is larger than this hub takes. */
  HEADERS_TOO_LARGE(431, "invalid_request_error", "headers_too_large"),
  /** A rate limit of the tenant is used up for now. */
  RATE_LIMITED(429, "rate_limit_error", "rate_limit_exceeded"),
  /** A budget of the tenant is used up; waiting does not help. */
  BUDGET_EXHAUSTED(429, "insufficient_quota", "insufficient_quota"),
  /** The hub itself failed. */
  INTERNAL(500, "server_error", "internal_error"),
  /** A part of the API that this hub does not serve. */
  NOT_SERVED(501, "invalid_request_error", "not_served"),
  /** Every deployment that was tried failed. */
  UPSTREAM_BROKEN(502, "server_error", "upstream_error"),
  /** No deployment has room, and waiting in line would take too long. */
  NO_CAPACITY(503, "server_error", "server_is_overloaded"),
  /** The hub is going down. */
  DRAINING(503, "server_error", "service_unavailable"),
  /** The deadline passed before an answer came. */
  DEADLINE(504, "server_error", "deadline_exceeded"),
  /** The answer broke off after its first content; said inside the stream only. */
  STREAM_CUT(502, "server_error", "stream_interrupted");

  private final int status;
  private final String type;
  private final String code;

  ErrorKind(int status, String type, String code) {
    this.status = status;
    this.type = type;
    this.code = code;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The {@code type} of the error object. */
  public String type() {
    return type;
  }

  /** The {@code code} of the error object. */
  public String code() {
    return code;
  }

  /** Whether the same request may succeed if it is sent again. */
  public boolean worthRetrying() {
    return switch (this) {
      case RATE_LIMITED,
          INTERNAL,
          UPSTREAM_BROKEN,
          NO_CAPACITY,
          DRAINING,
          DEADLINE,
          STREAM_CUT,
          REQUEST_TOO_SLOW ->
          true;
      case INVALID_JSON,
          INVALID_VALUE,
          BAD_REQUEST,
          CONTEXT_TOO_LONG,
          CONTENT_FILTER,
          MISSING_KEY,
          WRONG_KEY,
          REFUSED_BY_CONTRACT,
          FORBIDDEN,
          UNKNOWN_PATH,
          UNKNOWN_MODEL,
          UNKNOWN_RESPONSE,
          WRONG_METHOD,
          BODY_TOO_LARGE,
          WRONG_CONTENT_TYPE,
          UNPROCESSABLE,
          HEADERS_TOO_LARGE,
          NOT_SERVED,
          BUDGET_EXHAUSTED ->
          false;
    };
  }

  /** A refusal of this kind. */
  public Refusal because(String message) {
    return because(message, null);
  }

  /** A refusal of this kind that blames one part of the request. */
  public Refusal because(String message, @Nullable String param) {
    return new Refusal(this, new ErrorObject(message, type, param, code), null);
  }
}
