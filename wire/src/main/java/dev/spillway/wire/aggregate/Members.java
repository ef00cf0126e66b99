package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Members of an object, by name: values that are JSON, copied. */
final class Members {
  private final Map<String, ByteSlice> values = new LinkedHashMap<>();

  /** Takes the last value that is not null. */
  void putLast(String name, ByteSlice value) {
    if (!isNull(value) || !values.containsKey(name)) {
      values.put(name, value.copy());
    }
  }

  /** Takes the first value that is neither null nor an empty string. */
  void putFirst(String name, ByteSlice value) {
    boolean emptyString = value.length() == 2 && value.array()[value.offset()] == '"';
    if (!isNull(value) && !emptyString) {
      values.putIfAbsent(name, value.copy());
    }
  }

  void remove(String name) {
    values.remove(name);
  }

  @Nullable ByteSlice get(String name) {
    return values.get(name);
  }

  void each(BiConsumer<String, ByteSlice> sink) {
    values.forEach(sink);
  }

  void writeTo(JsonWriter json) {
    values.forEach((name, value) -> json.name(name).raw(value));
  }

  /** What its values take, roughly. */
  long heldBytes() {
    return values.values().stream().mapToLong(ByteSlice::length).sum();
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  private static boolean isNull(ByteSlice value) {
    return value.array()[value.offset()] == 'n';
  }
}
