package dev.spillway.testkit.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value, or the absence of one: whoever asks for what is not there gets a value that is not
 * there.
 *
 * @param value a map, list, string, number or boolean; null for JSON's null and for what is absent
 */
public record JsonTree(@Nullable Object value) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Reads a text; throws if it is not one JSON value and nothing else. */
  public static JsonTree read(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("no JSON: ''");
      }
      Object value = read(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something after the JSON: " + text);
      }
      return new JsonTree(value);
    }
  }

  /** A text as a JSON string. */
  public static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  /** What is there: names step into objects, numbers into arrays. */
  public JsonTree at(Object... path) {
    @Nullable Object here = value;
    for (Object step : path) {
      if (here instanceof Map<?, ?> object) {
        here = object.get(step);
      } else if (here instanceof List<?> array && step instanceof Integer index) {
        here = index < array.size() ? array.get(index) : null;
      } else {
        here = null;
      }
    }
    return new JsonTree(here);
  }

  /** Whether there is anything but null. */
  public boolean isThere() {
    return value != null;
  }

  /** The string; empty if there is none. */
  public String text() {
    return value instanceof String text ? text : "";
  }

  /** The integer; {@code otherwise} if there is none. */
  public long numberOr(long otherwise) {
    return value instanceof Number number ? number.longValue() : otherwise;
  }

  /** Whether it is {@code true}. */
  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  /** The elements, in order; none if it is not an array. */
  public List<JsonTree> elements() {
    return value instanceof List<?> array ? array.stream().map(JsonTree::new).toList() : List.of();
  }

  private static @Nullable Object read(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, read(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }
}
