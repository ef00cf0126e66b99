package dev.spillway.wire.error;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Tells an error object from an event of another kind when nothing around it says which: flat, as
 * OCI and older engines have it, {@code {"message":...}} with a {@code code} or the {@code type} of
 * an error; {@code {"error":"text"}}; or FastAPI's {@code {"detail":...}}.
 *
 * <p>Events of an answer have a {@code type} as well, and may have any other of these, so a type
 * that names no error must have a message and a code beside it.
 */
public final class FlatError {
  private final JsonCursor cursor = new JsonCursor();
  private boolean message;
  private boolean code;
  private boolean words;
  private @Nullable String type;

  private FlatError() {}

  /** Whether the text is one; false if it is not JSON. */
  public static boolean is(ByteSlice text) {
    return new FlatError().read(text);
  }

  private boolean read(ByteSlice text) {
    try {
      cursor.reset(text);
      cursor.beginObject();
      while (cursor.nextMember()) {
        member();
      }
      cursor.end();
    } catch (MalformedJson _) {
      return false;
    }
    boolean named = type != null && ErrorStatus.isOfAnError(type);
    return (message && (code || named)) || (words && (named || type == null));
  }

  private void member() throws MalformedJson {
    JsonKind kind = cursor.kind();
    switch (cursor.name()) {
      case "message" -> message = kind == JsonKind.STRING;
      case "code" -> code = kind == JsonKind.STRING || kind == JsonKind.NUMBER;
      case "detail", "error" -> words |= kind != JsonKind.NULL;
      case "type" -> {
        if (kind == JsonKind.STRING) {
          type = cursor.string();
          return;
        }
      }
      default -> {}
    }
    cursor.skip();
  }
}
