package dev.spillway.wire.link;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of strings, whole numbers, lists and objects, read as a whole.
 *
 * <p>For small texts off the hot path. A name used twice is refused; one that nobody asks for is
 * not, so that hubs and agents of different versions understand one another.
 */
final class JsonFields {
  private final Map<String, Object> values = new HashMap<>();

  private JsonFields() {}

  static JsonFields of(ByteSlice text) throws MalformedMessage {
    JsonCursor cursor = new JsonCursor().reset(text);
    try {
      JsonFields fields = object(cursor);
      cursor.end();
      return fields;
    } catch (MalformedJson e) {
      throw new MalformedMessage("not JSON: " + e.getMessage(), e);
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) throws MalformedMessage {
    return typed(name, String.class);
  }

  @Nullable String textOrNull(String name) throws MalformedMessage {
    return values.containsKey(name) ? text(name) : null;
  }

  long number(String name) throws MalformedMessage {
    return typed(name, Long.class);
  }

  /** What messages did not hold in earlier versions; this if there is none. */
  long numberOr(String name, long otherwise) throws MalformedMessage {
    return values.containsKey(name) ? number(name) : otherwise;
  }

  int count(String name) throws MalformedMessage {
    long number = number(name);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new MalformedMessage(name + ": " + number + " (expected: 0 to 2^31 - 1)");
    }
    return (int) number;
  }

  List<String> texts(String name) throws MalformedMessage {
    return elements(name, String.class);
  }

  List<JsonFields> objects(String name) throws MalformedMessage {
    return elements(name, JsonFields.class);
  }

  /** What messages did not hold in earlier versions; none if it is not there. */
  List<JsonFields> objectsOrNone(String name) throws MalformedMessage {
    return values.containsKey(name) ? objects(name) : List.of();
  }

  private <T> List<T> elements(String name, Class<T> type) throws MalformedMessage {
    List<T> elements = new ArrayList<>();
    for (Object each : typed(name, List.class)) {
      if (!type.isInstance(each)) {
        throw new MalformedMessage(name + ": an element of another type");
      }
      elements.add(type.cast(each));
    }
    return List.copyOf(elements);
  }

  private <T> T typed(String name, Class<T> type) throws MalformedMessage {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new MalformedMessage(name + ": " + (value == null ? "missing" : "of another type"));
    }
    return type.cast(value);
  }

  private static JsonFields object(JsonCursor cursor) throws MalformedJson, MalformedMessage {
    JsonFields fields = new JsonFields();
    cursor.beginObject();
    while (cursor.nextMember()) {
      String name = cursor.name();
      Object value = value(cursor);
      if (value != null && fields.values.put(name, value) != null) {
        throw new MalformedMessage("a name that is used twice");
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonCursor cursor) throws MalformedJson, MalformedMessage {
    JsonKind kind = cursor.kind();
    return switch (kind) {
      case OBJECT -> object(cursor);
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        cursor.beginArray();
        while (cursor.nextElement()) {
          Object element = value(cursor);
          if (element == null) {
            throw new MalformedMessage("null in a list");
          }
          elements.add(element);
        }
        yield elements;
      }
      case STRING -> cursor.string();
      case NUMBER -> whole(cursor);
      case BOOLEAN -> cursor.bool();
      case NULL -> {
        cursor.skipNull();
        yield null;
      }
    };
  }

  private static Long whole(JsonCursor cursor) throws MalformedJson, MalformedMessage {
    long number = cursor.integerOr(Long.MIN_VALUE);
    if (number == Long.MIN_VALUE) {
      throw new MalformedMessage("a number that is not whole, or longer than 18 digits");
    }
    return number;
  }
}
