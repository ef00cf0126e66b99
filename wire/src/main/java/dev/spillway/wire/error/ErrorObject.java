package dev.spillway.wire.error;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * The error object of the OpenAI API: these four fields, always all of them, and Azure's fifth.
 *
 * @param message for a person: what was asked, what came back, what to do; never content or keys
 * @param type the broad class of the error, such as {@code invalid_request_error}
 * @param param the part of the request that is at fault; null if none is
 * @param code what a program can look for; null if there is none
 * @param inner {@code innererror} as it came, a JSON object: what Azure's content filter found;
 *     null if there is none
 */
public record ErrorObject(
    String message,
    String type,
    @Nullable String param,
    @Nullable String code,
    @Nullable String inner) {
  /** The type of an error whose provider gave it none. */
  static final String UNTYPED = "api_error";

  private static final String OF_A_SERVER = "server_error";

  /** One of the four fields alone. */
  public ErrorObject(String message, String type, @Nullable String param, @Nullable String code) {
    this(message, type, param, code, null);
  }

  /**
   * The same as a kind of refusal, whose type it takes if its provider gave it none. That a context
   * is too long is told by the code that clients look for, whatever its provider calls it; and what
   * the client asked is no error of a server, whoever says so.
   */
  public ErrorObject as(ErrorKind kind) {
    if (kind == ErrorKind.CONTEXT_TOO_LONG || type.equals(OF_A_SERVER)) {
      return new ErrorObject(message, kind.type(), param, kind.code(), inner);
    }
    return type.equals(UNTYPED) ? new ErrorObject(message, kind.type(), param, code, inner) : this;
  }

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

  /**
   * The HTTP status that says the same, for an error that came without one: by its code, else by
   * its type; 500 if neither is known.
   */
  public int status() {
    return ErrorStatus.of(this);
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
    if (inner != null) {
      json.name("innererror").raw(ByteSlice.of(inOneLine(inner)));
    }
    json.endObject().endObject();
  }

  /** A line's end would end the data of an event; in JSON it is as good as a space. */
  private static String inOneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }
}
