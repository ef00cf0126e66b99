package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/**
 * What a {@code message} of an answer, or a {@code delta} of one, holds; sums up over all that are
 * read until {@link #clear}.
 */
final class AnswerPart {
  private static final byte[] CONTENT = ascii("content");
  private static final byte[] REFUSAL = ascii("refusal");
  private static final byte[] TOOL_CALLS = ascii("tool_calls");
  private static final byte[] FUNCTION_CALL = ascii("function_call");
  private static final byte[] AUDIO = ascii("audio");
  private static final byte[] REASONING_CONTENT = ascii("reasoning_content");
  private static final byte[] REASONING = ascii("reasoning");
  private static final byte[] ROLE = ascii("role");

  private final JsonCursor cursor;
  private int bytes;
  private boolean content;
  private boolean reasoning;
  private boolean role;

  AnswerPart(JsonCursor cursor) {
    this.cursor = cursor;
  }

  void clear() {
    bytes = 0;
    content = false;
    reasoning = false;
    role = false;
  }

  /** Reads an object at the cursor. */
  void read() throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(CONTENT) || cursor.nameIs(REFUSAL) || isCall()) {
        content |= text();
      } else if (cursor.nameIs(REASONING_CONTENT) || cursor.nameIs(REASONING)) {
        reasoning |= text();
      } else if (cursor.nameIs(ROLE)) {
        role |= cursor.kind() == JsonKind.STRING;
        cursor.skip();
      } else {
        cursor.skip();
      }
    }
  }

  /** Reads a text at the cursor: the content of a choice that is no message. */
  void readText() throws MalformedJson {
    content |= text();
  }

  /** Whether some of the answer itself came: text, a refusal's text, a call, sound. */
  boolean hasContent() {
    return content;
  }

  /** Whether reasoning came. */
  boolean hasReasoning() {
    return reasoning;
  }

  /** Whether a role came. */
  boolean hasRole() {
    return role;
  }

  /** UTF-8 bytes of all strings in it, unescaped. */
  int bytes() {
    return bytes;
  }

  private boolean isCall() {
    return cursor.nameIs(TOOL_CALLS) || cursor.nameIs(FUNCTION_CALL) || cursor.nameIs(AUDIO);
  }

  /** Counts the strings of a value; whether there is anything in it. */
  private boolean text() throws MalformedJson {
    return switch (cursor.kind()) {
      case STRING -> {
        cursor.skipString();
        bytes += cursor.textBytes();
        yield cursor.textBytes() > 0;
      }
      case OBJECT -> {
        boolean any = false;
        cursor.beginObject();
        while (cursor.nextMember()) {
          text();
          any = true;
        }
        yield any;
      }
      case ARRAY -> {
        boolean any = false;
        cursor.beginArray();
        while (cursor.nextElement()) {
          text();
          any = true;
        }
        yield any;
      }
      case NUMBER, BOOLEAN, NULL -> {
        cursor.skip();
        yield false;
      }
    };
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
