package dev.spillway.wire.error;

import dev.spillway.wire.json.JsonWriter;

/** In which form an API's clients expect to be told of an error. */
public enum ErrorShape {
  /** {@code {"error":{...}}}, in a body and in a stream. */
  OPENAI,
  /** The same in a body; in a stream of responses the event itself is the error. */
  RESPONSES,
  /**
   * {@code {"type":"error","error":{"type","message"}}}, in a body and in a stream; in a body with
   * {@code request_id} behind it.
   */
  ANTHROPIC;

  /**
   * An event after any other: the field is required, and nobody can go on from an event that the
   * provider did not send.
   */
  private static final long AFTER_ALL = Integer.MAX_VALUE;

  /**
   * The body of an answer.
   *
   * @param requestId what the answer's head calls the request
   */
  public byte[] body(Refusal refusal, String requestId) {
    if (this != ANTHROPIC) {
      return refusal.error().body();
    }
    JsonWriter json = new JsonWriter(256);
    anthropics(json, refusal);
    json.name("request_id").value(requestId).endObject();
    return json.toByteArray();
  }

  /** A server-sent event, named {@code error}, that ends a stream. */
  public byte[] event(Refusal refusal) {
    JsonWriter json = new JsonWriter(256).verbatim("event: error\ndata: ");
    switch (this) {
      case OPENAI -> {
        return refusal.error().event();
      }
      case RESPONSES -> flat(json, refusal.error());
      case ANTHROPIC -> {
        anthropics(json, refusal);
        json.endObject();
      }
    }
    return json.verbatim("\n\n").toByteArray();
  }

  private static void flat(JsonWriter json, ErrorObject error) {
    json.beginObject().name("type").value("error");
    json.name("code").value(error.code());
    json.name("message").value(error.message());
    json.name("param").value(error.param());
    json.name("sequence_number").value(AFTER_ALL).endObject();
  }

  /** All but the end of it. */
  private static void anthropics(JsonWriter json, Refusal refusal) {
    json.beginObject().name("type").value("error").name("error").beginObject();
    json.name("type").value(anthropicsType(refusal.status()));
    json.name("message").value(refusal.error().message()).endObject();
  }

  /** The types of its errors page, by status. */
  private static String anthropicsType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }
}
