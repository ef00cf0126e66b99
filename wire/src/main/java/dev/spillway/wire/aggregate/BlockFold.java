package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A block of a message's content, of what opened it and its deltas: strings are joined, citations
 * gathered, the pieces of a tool's input read as JSON at the end.
 */
final class BlockFold {
  private static final String INPUT = "input";
  private static final String CITATIONS = "citations";
  private static final ByteSlice NO_INPUT = ByteSlice.of("{}");

  /** What it takes beside its text. */
  private static final int OWN_BYTES = 512;

  private final Members opened = new Members();
  private final SequencedMap<String, GrowingText> texts = new LinkedHashMap<>();
  private final GrowingText citations = new GrowingText();
  private final GrowingText input = new GrowingText();

  /** A member of what opens it. */
  void opens(String name, ChunkReader reader) throws MalformedJson {
    if (reader.kind() == JsonKind.STRING && !isFixed(name)) {
      reader.addString(text(name));
    } else if (name.equals(CITATIONS) && reader.kind() == JsonKind.ARRAY) {
      reader.addElements(citations);
    } else {
      opened.putLast(name, reader.value());
    }
  }

  /** A member of a delta. */
  void member(String name, ChunkReader reader) throws MalformedJson {
    switch (name) {
      case "type" -> reader.value();
      case "partial_json" -> reader.addString(input);
      case "citation" -> {
        if (citations.length() > 0) {
          citations.append(ByteSlice.of(","));
        }
        citations.append(reader.value());
      }
      default -> {
        if (reader.kind() == JsonKind.STRING) {
          reader.addString(text(name));
        } else {
          opened.putLast(name, reader.value());
        }
      }
    }
  }

  /** What it takes, roughly. */
  long heldBytes() {
    long held = OWN_BYTES + opened.heldBytes() + citations.roomBytes() + input.roomBytes();
    return held + texts.values().stream().mapToLong(GrowingText::roomBytes).sum();
  }

  void writeTo(JsonWriter json) {
    if (input.length() > 0) {
      opened.putLast(INPUT, input());
    }
    if (citations.length() > 0) {
      opened.remove(CITATIONS);
    }
    json.beginObject();
    opened.writeTo(json);
    texts.forEach((name, text) -> json.name(name).raw(Quoted.of(text)));
    if (citations.length() > 0) {
      json.name(CITATIONS).beginArray().raw(citations.slice()).endArray();
    }
    json.endObject();
  }

  private GrowingText text(String name) {
    return texts.computeIfAbsent(name, _ -> new GrowingText());
  }

  /** Empty where it breaks off at the client's limit, as the reason to stop says. */
  private ByteSlice input() {
    JsonCursor cursor = new JsonCursor();
    try {
      ByteSlice json = ByteSlice.of(cursor.reset(Quoted.of(input)).string());
      cursor.reset(json).skip();
      cursor.end();
      return json;
    } catch (MalformedJson _) {
      return NO_INPUT;
    }
  }

  /** What names it, and is not added to. */
  private static boolean isFixed(String name) {
    return name.equals("type") || name.equals("id") || name.equals("name");
  }
}
