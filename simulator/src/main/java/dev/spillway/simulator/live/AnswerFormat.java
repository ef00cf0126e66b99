package dev.spillway.simulator.live;

import dev.spillway.simulator.live.TextCall.Shape;
import dev.spillway.simulator.text.JsonTree;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** What form the caller wants the text in: chat's {@code response_format} is responses' format. */
final class AnswerFormat {
  private static final String ANY_OBJECT =
      "{\"simulated\":true,\"answer\":\"This answer is simulated.\"}";

  private final String field;
  private @Nullable Object format;

  /**
   * No wish yet.
   *
   * @param field where it stands in the body
   */
  AnswerFormat(String field) {
    this.field = field;
  }

  /** Reads its value, which the parser stands at. */
  void read(JsonParser json) {
    format = JsonTree.read(json);
  }

  Shape shape() throws RequestRefused {
    if (format == null) {
      return new Shape.Prose();
    }
    if (!(format instanceof Map<?, ?> fields)) {
      throw Body.invalid(field, "an object");
    }
    return switch (String.valueOf(fields.get("type"))) {
      case "text" -> new Shape.Prose();
      case "json_object" -> new Shape.Json(ANY_OBJECT);
      case "json_schema" -> new Shape.Json(Tools.sample(schema(fields), field));
      default -> throw Body.invalid(field, "of type text, json_object or json_schema");
    };
  }

  private static @Nullable Object schema(Map<?, ?> format) {
    return format.get("json_schema") instanceof Map<?, ?> inner
        ? inner.get("schema")
        : format.get("schema");
  }
}
