package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of an object, by name: values that are JSON, copied. */
final class Members {
  private final FoldBudget budget;
  private final Map<String, ByteSlice> values = new LinkedHashMap<>();

  /** None yet; those that come are told to this budget. */
  Members(FoldBudget budget) {
    this.budget = budget;
  }

  /** Takes the last value that is not null. */
  void putLast(String name, ByteSlice value) {
    if (!isNull(value) || !values.containsKey(name)) {
      put(name, value);
    }
  }

  /** Takes the first value that is neither null nor an empty string. */
  void putFirst(String name, ByteSlice value) {
    boolean emptyString = value.length() == 2 && value.array()[value.offset()] == '"';
    if (!isNull(value) && !emptyString && !values.containsKey(name)) {
      put(name, value);
    }
  }

  void remove(String name) {
    ByteSlice removed = values.remove(name);
    if (removed != null) {
      budget.holds(-(FoldBudget.entryBytes(name) + removed.length()));
    }
  }

  /** Lets go of them all; they stay counted. */
  void clear() {
    values.clear();
  }

  @Nullable ByteSlice get(String name) {
    return values.get(name);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  void writeTo(JsonWriter json) {
    values.forEach((name, value) -> json.name(name).raw(value));
  }

  /** Writes them with another value for one of them, which is the last if it is none of them. */
  void writeTo(JsonWriter json, String changed, ByteSlice to) {
    values.forEach((name, value) -> json.name(name).raw(name.equals(changed) ? to : value));
    if (!values.containsKey(changed)) {
      json.name(changed).raw(to);
    }
  }

  private void put(String name, ByteSlice value) {
    if (budget.isOpen()) {
      ByteSlice before = values.put(name, value.copy());
      budget.holds(
          before == null
              ? FoldBudget.entryBytes(name) + value.length()
              : value.length() - before.length());
    }
  }

  private static boolean isNull(ByteSlice value) {
    return value.array()[value.offset()] == 'n';
  }
}
