package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.GrowingText;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;

/** One call of a tool or function, of its pieces. */
final class CallFold {
  private static final ByteSlice FUNCTION = ByteSlice.of("\"function\"");

  private final Members head = new Members();
  private final Members body = new Members();
  private final GrowingText input = new GrowingText();
  private String kind = "function";
  private String inputName = "arguments";

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

  /** What it takes, roughly. */
  long heldBytes() {
    return head.heldBytes() + body.heldBytes() + input.roomBytes();
  }

  /** As an element of {@code tool_calls}; an id of our own if the provider gave none. */
  void writeTo(JsonWriter json, String ownId) {
    json.beginObject();
    if (head.get("id") == null) {
      json.name("id").value(ownId);
    }
    if (head.get("type") == null) {
      head.putFirst("type", kind.equals("function") ? FUNCTION : ByteSlice.of("\"custom\""));
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
    json.name(inputName).raw(Quoted.of(input));
    json.endObject();
  }
}
