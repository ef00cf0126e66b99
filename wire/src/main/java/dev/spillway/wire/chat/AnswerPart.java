package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import org.jspecify.annotations.Nullable;

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
  private static final byte[] ANNOTATIONS = ascii("annotations");

  private final JsonCursor cursor;
  private int bytes;
  private int textFrom;
  private int textTo;
  private int textBytes;
  private int texts;
  private @Nullable NonText nonText;
  private boolean content;
  private boolean reasoning;
  private boolean role;

  AnswerPart(JsonCursor cursor) {
    this.cursor = cursor;
  }

  void clear() {
    bytes = 0;
    textFrom = 0;
    textTo = 0;
    textBytes = 0;
    texts = 0;
    nonText = null;
    content = false;
    reasoning = false;
    role = false;
  }

  /** Reads an object at the cursor. */
  void read() throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(CONTENT) && cursor.kind() == JsonKind.STRING) {
        readText();
      } else if (cursor.nameIs(CONTENT)) {
        content |= note(NonText.PARTS, text());
      } else if (cursor.nameIs(REFUSAL)) {
        content |= note(NonText.REFUSAL, text());
      } else if (cursor.nameIs(TOOL_CALLS) || cursor.nameIs(FUNCTION_CALL)) {
        content |= note(NonText.CALL, text());
      } else if (cursor.nameIs(AUDIO)) {
        content |= note(NonText.AUDIO, text());
      } else if (cursor.nameIs(ANNOTATIONS)) {
        annotations();
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

  /** Reads a string at the cursor: content that is nothing but text. */
  void readText() throws MalformedJson {
    int before = bytes;
    if (text()) {
      textBytes = bytes - before;
      textFrom = cursor.textFrom();
      textTo = cursor.textTo();
      texts++;
      content = true;
    }
  }

  /**
   * What {@link #read} would find if it were called now, and there were one text and nothing else.
   */
  void takeText(int from, int to, int length, boolean withRole) {
    textFrom = from;
    textTo = to;
    textBytes = length;
    bytes = length;
    texts = 1;
    content = true;
    role = withRole;
  }

  /** Whether there is one text, and no other string but the role. */
  boolean isText() {
    return texts == 1 && bytes == textBytes && nonText == null && !reasoning;
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

  /** What came last that is neither text nor reasoning; null if nothing did. */
  @Nullable NonText nonText() {
    return nonText;
  }

  /** How many texts came that are not empty. */
  int texts() {
    return texts;
  }

  /** Where the last text that is not empty begins, still escaped, after its quote. */
  int textFrom() {
    return textFrom;
  }

  /** Where it ends, before its quote; the same as {@link #textFrom} without any. */
  int textTo() {
    return textTo;
  }

  /** UTF-8 bytes of all strings in it, unescaped. */
  int bytes() {
    return bytes;
  }

  /** Sources and the like: beside the text, and no measure of its tokens. */
  private void annotations() throws MalformedJson {
    int before = bytes;
    note(NonText.ANNOTATIONS, text());
    bytes = before;
  }

  private boolean note(NonText kind, boolean any) {
    nonText = any ? kind : nonText;
    return any;
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
