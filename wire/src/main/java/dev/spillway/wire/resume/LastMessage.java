package dev.spillway.wire.resume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Span;
import org.jspecify.annotations.Nullable;

/**
 * The last of a request's messages.
 *
 * @param ofAssistant whether it is the assistant's: the client's own beginning of the answer
 * @param text where its content is, quotes included, from the start of {@code messages}; null if it
 *     is not one string, or has tool calls beside it
 */
record LastMessage(boolean ofAssistant, @Nullable Span text) {
  private static final byte[] ROLE = ascii("role");
  private static final byte[] CONTENT = ascii("content");
  private static final byte[] TOOL_CALLS = ascii("tool_calls");
  private static final byte[] FUNCTION_CALL = ascii("function_call");
  private static final byte[] ASSISTANT = ascii("assistant");

  /** Of {@code messages}, which were found to be objects in an array. */
  static LastMessage of(ByteSlice messages) {
    JsonCursor cursor = new JsonCursor();
    LastMessage last = new LastMessage(false, null);
    try {
      cursor.reset(messages).beginArray();
      while (cursor.nextElement()) {
        last = read(cursor);
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("messages that were read before", e);
    }
    return last;
  }

  private static LastMessage read(JsonCursor cursor) throws MalformedJson {
    boolean ofAssistant = false;
    boolean calls = false;
    Span text = null;
    cursor.beginObject();
    while (cursor.nextMember()) {
      boolean isRole = cursor.nameIs(ROLE);
      boolean isContent = cursor.nameIs(CONTENT);
      boolean isCall = cursor.nameIs(TOOL_CALLS) || cursor.nameIs(FUNCTION_CALL);
      JsonKind kind = cursor.kind();
      int from = cursor.position();
      if (isRole && kind == JsonKind.STRING) {
        cursor.skipString();
        ofAssistant = cursor.textIs(ASSISTANT);
        continue;
      }
      cursor.skip();
      if (isContent) {
        text = kind == JsonKind.STRING ? new Span(from, cursor.endOfValue()) : null;
      }
      calls |= isCall && kind != JsonKind.NULL;
    }
    return new LastMessage(ofAssistant, calls ? null : text);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
