package dev.spillway.wire.error;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Reads the error objects that providers really send: nested as documented, flat (OCI, old vLLM), a
 * bare string, inside {@code detail} (FastAPI), codes as numbers (vLLM).
 */
final class ErrorReader {
  private static final int MAX_SHORT = 128;
  private static final int MAX_INNER = 8 << 10;

  private final JsonCursor cursor = new JsonCursor();
  private @Nullable String message;
  private @Nullable String type;
  private @Nullable String param;
  private @Nullable String code;
  private @Nullable String inner;

  /** The error; null if the text is not JSON or holds none. */
  @Nullable ErrorObject read(ByteSlice text) {
    try {
      cursor.reset(text);
      object(text);
      cursor.end();
    } catch (MalformedJson _) {
      return null;
    }
    if (message == null && type == null && code == null) {
      return null;
    }
    return new ErrorObject(
        message == null ? "" : message,
        type == null ? ErrorObject.UNTYPED : type,
        param,
        code,
        inner);
  }

  private void object(ByteSlice text) throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      switch (cursor.name()) {
        case "error" -> error(text);
        case "detail" -> detail(text);
        case "message" -> message = text(message);
        case "type" -> type = shortText(type);
        case "param" -> param = shortText(param);
        case "code" -> code = shortText(code);
        case "innererror" -> inner(text);
        default -> cursor.skip();
      }
    }
  }

  private void inner(ByteSlice text) throws MalformedJson {
    boolean object = cursor.kind() == JsonKind.OBJECT;
    int from = cursor.position();
    cursor.skip();
    int length = cursor.endOfValue() - from;
    if (object && length <= MAX_INNER) {
      inner = new String(text.array(), text.offset() + from, length, UTF_8);
    }
  }

  private void error(ByteSlice text) throws MalformedJson {
    if (cursor.kind() == JsonKind.OBJECT) {
      object(text);
    } else {
      message = text(message);
    }
  }

  /**
   * As FastAPI wraps what a program raises; as a string it is words of its own, such as "Not
   * Found".
   */
  private void detail(ByteSlice text) throws MalformedJson {
    if (cursor.kind() == JsonKind.OBJECT) {
      object(text);
    } else {
      cursor.skip();
    }
  }

  private @Nullable String shortText(@Nullable String otherwise) throws MalformedJson {
    String text = text(otherwise);
    return text != null && text.length() > MAX_SHORT ? otherwise : text;
  }

  private @Nullable String text(@Nullable String otherwise) throws MalformedJson {
    return switch (cursor.kind()) {
      case STRING -> cursor.string();
      case NUMBER -> Long.toString(cursor.integerOr(0));
      case OBJECT, ARRAY, BOOLEAN, NULL -> {
        cursor.skip();
        yield otherwise;
      }
    };
  }
}
