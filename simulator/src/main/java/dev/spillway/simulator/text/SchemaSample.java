package dev.spillway.simulator.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value that satisfies a JSON Schema, of the kind that applications hand to models:
 * objects, arrays, strings, numbers, enums, constants, alternatives, references within the schema.
 *
 * <p>The same schema gives the same value. A schema that says more than is understood here, or that
 * nothing short satisfies, is refused rather than answered wrongly.
 */
public final class SchemaSample {
  /** From here on only what a schema requires: a list of lists of itself has to end. */
  private static final int OPTIONAL_DEPTH = 6;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_CHARS = 1 << 16;

  private final @Nullable Object root;
  private final StringBuilder json = new StringBuilder();

  private SchemaSample(@Nullable Object root) {
    this.root = root;
  }

  /**
   * The value, as JSON.
   *
   * @param schema as {@link JsonTree} reads it
   * @throws IllegalArgumentException if there is none, or it is not found
   */
  public static String of(@Nullable Object schema) {
    var sample = new SchemaSample(schema);
    sample.value(schema, 0);
    return sample.json.toString();
  }

  private void value(@Nullable Object schema, int depth) {
    if (depth > MAX_DEPTH || json.length() > MAX_CHARS) {
      throw new IllegalArgumentException("schema: no short value satisfies it");
    }
    if (Boolean.TRUE.equals(schema)) {
      json.append("true");
    } else if (schema instanceof Map<?, ?> fields) {
      keywords(fields, depth);
    } else {
      throw new IllegalArgumentException("schema: " + schema + " (expected: an object or true)");
    }
  }

  private void keywords(Map<?, ?> schema, int depth) {
    if (schema.get("$ref") instanceof String reference) {
      value(referred(reference), depth + 1);
    } else if (schema.containsKey("const")) {
      JsonTree.write(schema.get("const"), json);
    } else if (schema.containsKey("enum")) {
      JsonTree.write(first(schema, "enum"), json);
    } else if (schema.containsKey("anyOf")) {
      value(first(schema, "anyOf"), depth + 1);
    } else if (schema.containsKey("oneOf")) {
      value(first(schema, "oneOf"), depth + 1);
    } else if (schema.get("allOf") instanceof List<?> all) {
      if (all.size() != 1) {
        throw new IllegalArgumentException("allOf: " + all.size() + " schemas (expected: 1)");
      }
      value(all.getFirst(), depth + 1);
    } else {
      typed(type(schema), schema, depth);
    }
  }

  private void typed(String type, Map<?, ?> schema, int depth) {
    switch (type) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "string" -> JsonTree.quote(SampleString.of(schema), json);
      case "integer" -> json.append(SampleNumber.integer(schema).toPlainString());
      case "number" -> json.append(SampleNumber.any(schema).toPlainString());
      case "boolean" -> json.append("true");
      case "null" -> json.append("null");
      default -> throw new IllegalArgumentException("type: " + type + " (expected: one of JSON's)");
    }
  }

  private void object(Map<?, ?> schema, int depth) {
    Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
    List<?> required = schema.get("required") instanceof List<?> list ? list : List.of();
    char before = '{';
    for (Map.Entry<?, ?> property : properties.entrySet()) {
      if (depth < OPTIONAL_DEPTH || required.contains(property.getKey())) {
        before = property(before, property.getKey(), property.getValue(), depth);
      }
    }
    for (Object name : required) {
      if (!properties.containsKey(name)) {
        before = property(before, name, true, depth);
      }
    }
    json.append(before == '{' ? "{}" : "}");
  }

  private char property(char before, @Nullable Object name, @Nullable Object schema, int depth) {
    json.append(before);
    JsonTree.quote(String.valueOf(name), json);
    json.append(':');
    value(schema, depth + 1);
    return ',';
  }

  private void array(Map<?, ?> schema, int depth) {
    int least = SampleNumber.count(schema, "minItems", 0);
    int most = SampleNumber.count(schema, "maxItems", Integer.MAX_VALUE);
    int wanted = depth < OPTIONAL_DEPTH ? Math.max(1, least) : least;
    int size = Math.min(wanted, most);
    Object items = schema.containsKey("items") ? schema.get("items") : true;
    json.append('[');
    for (int i = 0; i < size; i++) {
      json.append(i == 0 ? "" : ",");
      value(items, depth + 1);
    }
    json.append(']');
  }

  /** Follows a JSON Pointer (RFC 6901) from the root. */
  private @Nullable Object referred(String reference) {
    if (!reference.startsWith("#")) {
      throw new IllegalArgumentException("$ref: " + reference + " (expected: within the schema)");
    }
    Object at = root;
    for (String step : reference.substring(1).split("/", -1)) {
      if (!step.isEmpty()) {
        String name = step.replace("~1", "/").replace("~0", "~");
        at = at instanceof Map<?, ?> fields ? fields.get(name) : null;
      }
    }
    return at;
  }

  private static @Nullable Object first(Map<?, ?> schema, String keyword) {
    if (schema.get(keyword) instanceof List<?> list && !list.isEmpty()) {
      return list.getFirst();
    }
    throw new IllegalArgumentException(keyword + ": nothing (expected: one or more)");
  }

  /** Of several types the first that says something. */
  private static String type(Map<?, ?> schema) {
    Object type = schema.get("type");
    if (type instanceof List<?> several) {
      return several.stream()
          .map(String::valueOf)
          .filter(each -> !each.equals("null"))
          .findFirst()
          .orElse("null");
    }
    if (type == null) {
      return schema.containsKey("properties")
          ? "object"
          : schema.containsKey("items") ? "array" : "string";
    }
    return type.toString();
  }
}
