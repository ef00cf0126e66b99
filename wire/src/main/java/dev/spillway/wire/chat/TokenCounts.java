package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/**
 * A {@code usage} object, in the words of any of the APIs; what is missing, negative or no integer
 * counts 0.
 *
 * <p>Chat says {@code prompt_tokens} and {@code completion_tokens}, responses and messages {@code
 * input_tokens} and {@code output_tokens}. The messages API counts what its cache gave and took
 * beside the input, not in it. A count that comes again replaces the one before.
 */
public final class TokenCounts {
  private static final byte[] PROMPT = ascii("prompt_tokens");
  private static final byte[] INPUT = ascii("input_tokens");
  private static final byte[] COMPLETION = ascii("completion_tokens");
  private static final byte[] OUTPUT = ascii("output_tokens");
  private static final byte[] PROMPT_DETAILS = ascii("prompt_tokens_details");
  private static final byte[] INPUT_DETAILS = ascii("input_tokens_details");
  private static final byte[] CACHED = ascii("cached_tokens");
  private static final byte[] CACHE_READ = ascii("cache_read_input_tokens");
  private static final byte[] CACHE_WRITTEN = ascii("cache_creation_input_tokens");

  private final JsonCursor cursor;
  private long input;
  private long cached;
  private long besideRead;
  private long besideWritten;
  private long output;
  private boolean any;

  /** Reads where this cursor stands. */
  public TokenCounts(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** Forgets what was read. */
  public void clear() {
    input = 0;
    cached = 0;
    besideRead = 0;
    besideWritten = 0;
    output = 0;
    any = false;
  }

  /** Reads an object at the cursor; what it does not say stays. */
  public void read() throws MalformedJson {
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(PROMPT) || cursor.nameIs(INPUT)) {
        input = count();
      } else if (cursor.nameIs(COMPLETION) || cursor.nameIs(OUTPUT)) {
        output = count();
      } else if (cursor.nameIs(CACHE_READ)) {
        besideRead = count();
      } else if (cursor.nameIs(CACHE_WRITTEN)) {
        besideWritten = count();
      } else if (isDetails() && cursor.kind() == JsonKind.OBJECT) {
        details();
      } else {
        cursor.skip();
      }
    }
  }

  /** Whether there was any count that is one. */
  public boolean isPresent() {
    return any;
  }

  /** All input, with what a cache gave. */
  long input() {
    return input + besideRead + besideWritten;
  }

  /** Never more than all input: a provider that says so is not believed. */
  long cached() {
    return Math.min(cached + besideRead, input());
  }

  long output() {
    return output;
  }

  /** As it is billed. */
  public Usage toUsage() {
    return new Usage(input(), cached(), output, Usage.Source.PROVIDER);
  }

  private boolean isDetails() {
    return cursor.nameIs(PROMPT_DETAILS) || cursor.nameIs(INPUT_DETAILS);
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

  /** At most a billion, so that no sum of them overflows. */
  private long count() throws MalformedJson {
    if (cursor.kind() != JsonKind.NUMBER) {
      cursor.skip();
      return 0;
    }
    any = true;
    return Math.clamp(cursor.integerOr(0), 0, 1_000_000_000);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
