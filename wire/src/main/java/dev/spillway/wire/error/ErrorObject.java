package dev.spillway.wire.error;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * The error object of the OpenAI API: exactly these four fields, always all of them.
 *
 * @param message for a person: what was asked, what came back, what to do; never content or keys
 * @param type the broad class of the error, such as {@code invalid_request_error}
 * @param param the part of the request that is at fault; null if none is
 * @param code what a program can look for; null if there is none
 */
public record ErrorObject(
    String message, String type, @Nullable String param, @Nullable String code) {

  /**
   * Reads what a provider sent as an error, in any of the forms that are seen: nested or flat,
   * codes as strings or numbers. Its message is the provider's own text: for the client at most,
   * never for a log.
   *
   * @return null if the text is not JSON, or says nothing of an error
   */
  public static @Nullable ErrorObject read(ByteSlice text) {
    return new ErrorReader().read(text);
  }

  /** The body of an answer: {@code {"error":{...}}}. */
  public byte[] body() {
    JsonWriter json = new JsonWriter(256);
    write(json);
    return json.toByteArray();
  }

  /**
   * A server-sent event that ends a stream, named {@code error}.
   *
   * <p>The name matters: as a plain {@code data:} event LangChain4j shows a truncated answer as a
   * whole one.
   */
  public byte[] event() {
    JsonWriter json = new JsonWriter(256).verbatim("event: error\ndata: ");
    write(json);
    return json.verbatim("\n\n").toByteArray();
  }

  private void write(JsonWriter json) {
    json.beginObject().name("error").beginObject();
    json.name("message").value(message);
    json.name("type").value(type);
    json.name("param").value(param);
    json.name("code").value(code);
    json.endObject().endObject();
  }
}
