package dev.spillway.control.api;

import dev.spillway.wire.json.JsonWriter;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.Consumer;

/** Answers in JSON. */
final class JsonAnswer {
  private static final int EXPECTED_BYTES = 1_024;

  private JsonAnswer() {}

  static void send(ServerResponse response, Consumer<JsonWriter> body) {
    send(response, Status.OK_200, body);
  }

  static void send(ServerResponse response, Status status, Consumer<JsonWriter> body) {
    JsonWriter json = new JsonWriter(EXPECTED_BYTES);
    body.accept(json);
    response.status(status);
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(json.toByteArray());
  }

  static void error(ServerResponse response, Status status, String message) {
    send(
        response,
        status,
        json ->
            json.beginObject()
                .name("error")
                .beginObject()
                .name("status")
                .value(status.code())
                .name("message")
                .value(message)
                .endObject()
                .endObject());
  }
}
