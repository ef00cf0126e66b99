package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A response: the event that ends it carries all of it. Where that has no output, though items of
 * it came, those are its output.
 */
final class ResponseFold extends EventFold {
  private static final String NO_OUTPUT = "[]";

  private final TreeMap<Long, ByteSlice> items = new TreeMap<>();
  private final Members response = new Members();

  // Of the event that is read.
  private String type = "";
  private long index;
  private @Nullable ByteSlice item;
  private @Nullable ByteSlice whole;

  ResponseFold(FoldBudget budget) {
    super(budget);
  }

  @Override
  void read(ByteSlice data) throws MalformedJson {
    type = "";
    index = items.size();
    item = null;
    whole = null;
    reader.read(data, this::member);
    keep();
  }

  @Override
  public @Nullable ByteSlice answer() {
    if (response.isEmpty()) {
      return null;
    }
    if (!items.isEmpty()) {
      JsonWriter json = new JsonWriter(1024).beginArray();
      items.values().forEach(json::raw);
      response.putLast("output", json.endArray().written());
    }
    JsonWriter json = new JsonWriter((int) response.heldBytes() + 512).beginObject();
    response.writeTo(json);
    return json.endObject().written();
  }

  private void member(String name) throws MalformedJson {
    switch (name) {
      case "type" -> type = reader.value().toString();
      case "output_index" -> index = reader.integerOr(index);
      case "item" -> item = reader.value();
      case "response" -> whole = reader.value();
      default -> reader.value();
    }
  }

  private void keep() throws MalformedJson {
    switch (type) {
      case "\"response.output_item.done\"" -> {
        if (item != null) {
          items.put(index, item.copy());
        }
      }
      case "\"response.completed\"", "\"response.incomplete\"", "\"response.failed\"" -> {
        if (whole != null) {
          reader.read(whole, name -> response.putLast(name, reader.value()));
          dropItemsThatItHas();
        }
      }
      default -> {}
    }
  }

  private void dropItemsThatItHas() {
    ByteSlice output = response.get("output");
    if (output != null && !output.toString().equals(NO_OUTPUT)) {
      items.clear();
    }
  }

  @Override
  long heldBytes() {
    return response.heldBytes() + items.values().stream().mapToLong(ByteSlice::length).sum();
  }
}
