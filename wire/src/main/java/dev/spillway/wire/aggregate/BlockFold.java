package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;

/**
 * A block of a message's content, of what opened it and its deltas: strings are joined, citations
 * gathered, the pieces of a tool's input read as JSON at the end.
 */
final class BlockFold {
  private static final String INPUT = "input";
  private static final String CITATIONS = "citations";
  private static final ByteSlice NO_INPUT = ByteSlice.of("{}");

  /** What it takes beside its text, empty maps for the most part. */
  private static final int OWN_BYTES = 512;

  private final Members opened;
  private final HeldTexts texts;
  private final HeldText citations;
  private final HeldText input;

  BlockFold(FoldBudget budget) {
    this.opened = new Members(budget);
    this.texts = new HeldTexts(budget);
    this.citations = new HeldText(budget);
    this.input = new HeldText(budget);
    budget.holds(OWN_BYTES);
  }

  /** A member of what opens it. */
  void opens(String name, ChunkReader reader) throws MalformedJson {
    if (reader.kind() == JsonKind.STRING && !isFixed(name)) {
      reader.addString(texts.of(name));
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
      case "citation" -> citations.appendElement(reader.value());
      default -> {
        if (reader.kind() == JsonKind.STRING) {
          reader.addString(texts.of(name));
        } else {
          opened.putLast(name, reader.value());
        }
      }
    }
  }

  void writeTo(JsonWriter json) {
    if (!citations.isEmpty()) {
      opened.remove(CITATIONS);
    }
    json.beginObject();
    if (input.isEmpty()) {
      opened.writeTo(json);
    } else {
      opened.writeTo(json, INPUT, input());
    }
    texts.each((name, text) -> json.name(name).raw(text.quoted()));
    if (!citations.isEmpty()) {
      json.name(CITATIONS).beginArray().raw(citations.slice()).endArray();
    }
    json.endObject();
  }

  /** Empty where it breaks off at the client's limit, as the reason to stop says. */
  private ByteSlice input() {
    JsonCursor cursor = new JsonCursor();
    try {
      ByteSlice json = ByteSlice.of(cursor.reset(input.quoted()).string());
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
