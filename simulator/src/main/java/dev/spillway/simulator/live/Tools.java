package dev.spillway.simulator.live;

import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.text.JsonTree;
import dev.spillway.simulator.text.SchemaSample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The caller's tools, and whether one must be called: as chat says it, with the function in an
 * object of its own, as responses say it, without, and as messages do, with an {@code
 * input_schema}.
 */
final class Tools {
  private final Map<String, Object> parametersByName = new LinkedHashMap<>();
  private String choice = "auto";
  private @Nullable String chosen;

  /** Reads the field {@code tools}, the parser standing at its value. */
  void readTools(JsonParser json) throws RequestRefused {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    Body.expect(json, JsonToken.START_ARRAY, "tools", "an array of tools");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Body.expect(json, JsonToken.START_OBJECT, "tools", "an array of objects");
      Map<?, ?> function = function(JsonTree.read(json));
      if (!(function.get("name") instanceof String name)) {
        throw Body.invalid("tools", "functions with a name");
      }
      Object parameters = function.get(isOfMessages(function) ? "input_schema" : "parameters");
      parametersByName.put(name, parameters == null ? Map.of("type", "object") : parameters);
    }
  }

  /** Reads the field {@code tool_choice}, the parser standing at its value. */
  void readChoice(JsonParser json) throws RequestRefused {
    switch (json.currentToken()) {
      case VALUE_STRING -> choice = json.getString();
      case START_OBJECT -> {
        choice = "required";
        chosen = String.valueOf(function(JsonTree.read(json)).get("name"));
      }
      case VALUE_NULL -> {}
      default -> throw Body.invalid("tool_choice", "a string or an object");
    }
  }

  /** One must be called: this one, or any. */
  void require(@Nullable String name) {
    choice = "required";
    chosen = name;
  }

  /** The call to be made, if there is one: a choice of the caller's, or a wish of the prompt's. */
  Optional<Shape> call(Wish wish) throws RequestRefused {
    boolean wished = choice.equals("auto") && wish instanceof Wish.CallTool;
    if (!choice.equals("required") && !wished) {
      return Optional.empty();
    }
    if (parametersByName.isEmpty()) {
      throw Body.invalid("tools", "at least one tool to call");
    }
    String name = chosen == null ? parametersByName.keySet().iterator().next() : chosen;
    Object parameters = parametersByName.get(name);
    if (parameters == null) {
      throw Body.invalid("tool_choice", "one of the tools");
    }
    return Optional.of(new Shape.ToolCall(name, sample(parameters, "tools")));
  }

  /** A value for a schema of the caller's. */
  static String sample(@Nullable Object schema, String field) throws RequestRefused {
    try {
      return SchemaSample.of(schema);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(
          ApiError.invalid(field, "Invalid schema in '" + field + "': " + e.getMessage() + "."));
    }
  }

  private static boolean isOfMessages(Map<?, ?> tool) {
    return tool.containsKey("input_schema");
  }

  private static Map<?, ?> function(@Nullable Object tool) throws RequestRefused {
    if (tool instanceof Map<?, ?> fields && isOfMessages(fields)) {
      return fields;
    }
    if (tool instanceof Map<?, ?> fields && "function".equals(fields.get("type"))) {
      return fields.get("function") instanceof Map<?, ?> inner ? inner : fields;
    }
    throw Body.invalid("tools", "tools of the type 'function'");
  }
}
