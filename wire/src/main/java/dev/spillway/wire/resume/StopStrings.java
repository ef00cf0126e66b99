package dev.spillway.wire.resume;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strings at which a request wants its answer to end; at most {@value #MAX_STRINGS} of at most
 * {@value #MAX_UNITS} units, since a client may send any: what is beyond is left to the engines,
 * which do not see across a seam.
 */
final class StopStrings {
  private static final int MAX_STRINGS = 64;
  private static final int MAX_UNITS = 512;

  private StopStrings() {}

  /** Those of a {@code stop}: one string or several; none if it is something else, or missing. */
  static List<String> of(@Nullable ByteSlice stop) {
    List<String> strings = new ArrayList<>(4);
    if (stop == null) {
      return strings;
    }
    JsonCursor cursor = new JsonCursor().reset(stop);
    try {
      if (cursor.kind() != JsonKind.ARRAY) {
        add(cursor, strings);
        return strings;
      }
      cursor.beginArray();
      while (cursor.nextElement()) {
        add(cursor, strings);
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("a field that was read before", e);
    }
    return strings;
  }

  private static void add(JsonCursor cursor, List<String> strings) throws MalformedJson {
    if (cursor.kind() != JsonKind.STRING) {
      cursor.skip();
      return;
    }
    String text = cursor.string();
    if (strings.size() < MAX_STRINGS && text.length() <= MAX_UNITS) {
      strings.add(text);
    }
  }
}
