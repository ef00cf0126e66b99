package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import dev.spillway.wire.json.Span;
import dev.spillway.wire.json.Splice;
import org.jspecify.annotations.Nullable;

/**
 * The usage of an answer of chat or completions whose provider counted none: our own count, with a
 * word beside it that it is one, which every client was seen to pass over.
 */
public final class EstimatedUsage {
  /** What stands beside it is called so. */
  public static final String BESIDE = "spillway";

  /** What stands beside it. */
  public static final ByteSlice MARK = ByteSlice.of("{\"usage\":\"estimated\"}");

  private static final String USAGE = "usage";
  private static final byte[] USAGE_NAME = USAGE.getBytes(ISO_8859_1);
  private static final byte[] BESIDE_NAME = BESIDE.getBytes(ISO_8859_1);
  private static final int BYTES = 160;

  private EstimatedUsage() {}

  /** Writes both as members of the object that is open. */
  public static void writeTo(JsonWriter json, Usage count) {
    json.name(USAGE).raw(counts(count)).name(BESIDE).raw(MARK);
  }

  /**
   * Puts both into a whole answer, in the place of what it has of these names, which no count is.
   * It was read before, and is JSON.
   *
   * @return null if it has one of the names twice: then it stays as it is
   */
  public static @Nullable Splice in(ByteSlice answer, Usage count) {
    try {
      return spliced(answer, count);
    } catch (MalformedJson e) {
      throw new IllegalStateException("an answer that was read before is not JSON", e);
    }
  }

  private static @Nullable Splice spliced(ByteSlice answer, Usage count) throws MalformedJson {
    Span usage = null;
    Span beside = null;
    JsonCursor cursor = new JsonCursor();
    int first = cursor.reset(answer).position() + 1;
    cursor.beginObject();
    while (cursor.nextMember()) {
      boolean isUsage = cursor.nameIs(USAGE_NAME);
      boolean isBeside = cursor.nameIs(BESIDE_NAME);
      int from = cursor.position();
      cursor.skip();
      Span value = new Span(from, cursor.endOfValue());
      if ((isUsage && usage != null) || (isBeside && beside != null)) {
        return null;
      }
      usage = isUsage ? value : usage;
      beside = isBeside ? value : beside;
    }
    Splice.Builder splice = new Splice.Builder(answer.length());
    put(splice, first, usage, USAGE, counts(count));
    put(splice, first, beside, BESIDE, MARK);
    return splice.build();
  }

  /** In its place, or as one of the first members; others follow, as an answer has choices. */
  private static void put(
      Splice.Builder splice, int first, @Nullable Span place, String name, ByteSlice value) {
    if (place != null) {
      splice.replace(place.from(), place.to(), value);
    } else {
      JsonWriter json = new JsonWriter(BYTES).name(name).raw(value);
      splice.insert(first, json.verbatim(",").written());
    }
  }

  private static ByteSlice counts(Usage count) {
    JsonWriter json = new JsonWriter(BYTES).beginObject();
    json.name("prompt_tokens").value(count.inputTokens());
    json.name("completion_tokens").value(count.outputTokens());
    json.name("total_tokens").value(count.inputTokens() + count.outputTokens());
    return json.endObject().written();
  }
}
