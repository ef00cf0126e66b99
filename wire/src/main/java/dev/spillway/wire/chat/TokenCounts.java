package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/** A {@code usage} object; what is missing, negative or no integer counts 0. */
final class TokenCounts {
  private static final byte[] PROMPT = ascii("prompt_tokens");
  private static final byte[] COMPLETION = ascii("completion_tokens");
  private static final byte[] PROMPT_DETAILS = ascii("prompt_tokens_details");
  private static final byte[] CACHED = ascii("cached_tokens");

  private final JsonCursor cursor;
  private long input;
  private long cached;
  private long output;

  TokenCounts(JsonCursor cursor) {
    this.cursor = cursor;
  }

  void clear() {
    input = 0;
    cached = 0;
    output = 0;
  }

  /** Reads an object at the cursor. */
  void read() throws MalformedJson {
    clear();
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(PROMPT)) {
        input = count();
      } else if (cursor.nameIs(COMPLETION)) {
        output = count();
      } else if (cursor.nameIs(PROMPT_DETAILS) && cursor.kind() == JsonKind.OBJECT) {
        details();
      } else {
        cursor.skip();
      }
    }
  }

  long input() {
    return input;
  }

  /** Never more than all input: a provider that says so is not believed. */
  long cached() {
    return Math.min(cached, input);
  }

  long output() {
    return output;
  }

  Usage toUsage() {
    return new Usage(input, cached(), output, Usage.Source.PROVIDER);
  }

  private void details() throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(CACHED)) {
        cached = count();
      } else {
        cursor.skip();
      }
    }
  }

  private long count() throws MalformedJson {
    if (cursor.kind() != JsonKind.NUMBER) {
      cursor.skip();
      return 0;
    }
    return Math.max(0, cursor.integerOr(0));
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
