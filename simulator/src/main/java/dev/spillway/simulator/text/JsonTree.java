package dev.spillway.simulator.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * JSON as Java values: {@code Map} and {@code List} in their order, {@code String}, {@code
 * BigDecimal}, {@code Boolean} and null. How deep it may go, the parser limits.
 */
public final class JsonTree {
  private JsonTree() {}

  /** Reads the value the parser stands at, and stays at its last token. */
  public static @Nullable Object read(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** Appends such a value as JSON, without spaces. */
  public static void write(@Nullable Object value, StringBuilder to) {
    switch (value) {
      case Map<?, ?> fields -> {
        String before = "{";
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          to.append(before);
          quote(String.valueOf(field.getKey()), to);
          to.append(':');
          write(field.getValue(), to);
          before = ",";
        }
        to.append(fields.isEmpty() ? "{}" : "}");
      }
      case List<?> elements -> {
        String before = "[";
        for (Object element : elements) {
          to.append(before);
          write(element, to);
          before = ",";
        }
        to.append(elements.isEmpty() ? "[]" : "]");
      }
      case String text -> quote(text, to);
      case null, default -> to.append(value);
    }
  }

  /** Appends a text in quotes. */
  public static void quote(String text, StringBuilder to) {
    to.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, to);
    to.append('"');
  }

  private static Map<String, @Nullable Object> object(JsonParser json) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, read(json));
    }
    return fields;
  }

  private static List<@Nullable Object> array(JsonParser json) {
    List<@Nullable Object> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(read(json));
    }
    return elements;
  }
}
