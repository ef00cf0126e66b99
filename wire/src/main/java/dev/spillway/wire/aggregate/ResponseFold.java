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
  private static final String OUTPUT = "output";

  private final TreeMap<Long, ByteSlice> items = new TreeMap<>();
  private final Members response;
  private long itemBytes;

  // Of the event that is read.
  private String type = "";
  private long index;
  private @Nullable ByteSlice item;
  private @Nullable ByteSlice whole;

  ResponseFold(FoldBudget budget) {
    super(budget);
    this.response = new Members(budget);
  }

  @Override
  void read(ByteSlice data) throws MalformedJson {
    index = items.size();
    reader.read(data, this::member);
    keep();
    type = ""; // the event is another's again, and may be long
    item = null;
    whole = null;
  }

  @Override
  public @Nullable ByteSlice answer() {
    if (response.isEmpty()) {
      return null;
    }
    JsonWriter json = new JsonWriter((int) budget.heldBytes() + 512).beginObject();
    if (items.isEmpty()) {
      response.writeTo(json);
    } else {
      response.writeTo(json, OUTPUT, output());
    }
    return json.endObject().written();
  }

  @Override
  void forget() {
    response.clear();
    items.clear();
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
          hold(item);
        }
      }
      case "\"response.completed\"", "\"response.incomplete\"", "\"response.failed\"" -> {
        if (whole != null) {
          reader.read(whole, this::ofResponse);
        }
      }
      default -> {}
    }
  }

  /** Told the members of the whole response; its items are not held twice. */
  private void ofResponse(String name) throws MalformedJson {
    ByteSlice value = reader.value();
    if (name.equals(OUTPUT) && hasElements(value)) {
      dropItems();
    }
    response.putLast(name, value);
  }

  private void hold(ByteSlice done) {
    if (budget.isOpen()) {
      ByteSlice before = items.put(index, done.copy());
      long more =
          before == null
              ? FoldBudget.entryBytes() + done.length()
              : done.length() - before.length();
      itemBytes += more;
      budget.holds(more);
    }
  }

  private void dropItems() {
    items.clear();
    budget.holds(-itemBytes);
    itemBytes = 0;
  }

  private ByteSlice output() {
    JsonWriter json = new JsonWriter((int) itemBytes + 2).beginArray();
    items.values().forEach(json::raw);
    return json.endArray().written();
  }

  private static boolean hasElements(ByteSlice output) {
    byte[] array = output.array();
    int at = output.offset() + 1;
    while (at < output.end() && array[at] <= ' ' && array[at] >= 0) {
      at++;
    }
    return array[output.offset()] == '[' && array[at] != ']';
  }
}
