package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;

/** One call of a tool or function, of its pieces. */
final class CallFold {
  /** What it takes beside its text, empty maps for the most part. */
  private static final int OWN_BYTES = 256;

  private final Members head;
  private final Members body;
  private final HeldText input;
  private String kind = "function";
  private String inputName = "arguments";

  CallFold(FoldBudget budget) {
    this.head = new Members(budget);
    this.body = new Members(budget);
    this.input = new HeldText(budget);
    budget.holds(OWN_BYTES);
  }

  /** A piece of an element of {@code tool_calls}, without its index. */
  void member(String name, ChunkReader reader) throws MalformedJson {
    switch (name) {
      case "function", "custom" -> {
        kind = name;
        inputName = name.equals("custom") ? "input" : "arguments";
        reader.object(inner -> body(inner, reader));
      }
      default -> head.putFirst(name, reader.value());
    }
  }

  /** A piece of what is called. */
  void body(String name, ChunkReader reader) throws MalformedJson {
    if (name.equals(inputName)) {
      reader.addString(input);
    } else {
      body.putFirst(name, reader.value());
    }
  }

  /** As an element of {@code tool_calls}; an id of our own if the provider gave none. */
  void writeTo(JsonWriter json, String ownId) {
    json.beginObject();
    if (head.get("id") == null) {
      json.name("id").value(ownId);
    }
    if (head.get("type") == null) {
      json.name("type").value(kind);
    }
    head.writeTo(json);
    json.name(kind);
    writeBody(json);
    json.endObject();
  }

  /** As a {@code function_call}. */
  void writeBody(JsonWriter json) {
    json.beginObject();
    if (body.get("name") == null) {
      json.name("name").value("");
    }
    body.writeTo(json);
    json.name(inputName).raw(input.quoted());
    json.endObject();
  }
}
