package dev.spillway.app.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.yaml.Shape.Absence;
import dev.spillway.app.yaml.Shape.Field;
import dev.spillway.wire.json.JsonWriter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes to editors, in JSON Schema 2020-12, what a file may say. */
public final class JsonSchema {
  private static final int EXPECTED_BYTES = 1 << 16;

  private final Scalars scalars;
  private final JsonWriter json = new JsonWriter(EXPECTED_BYTES);

  private JsonSchema(Scalars scalars) {
    this.scalars = scalars;
  }

  /** The schema of files that are bound to this record. */
  public static String of(String title, Class<?> type, Scalars scalars) {
    JsonSchema schema = new JsonSchema(scalars);
    schema.json.beginObject();
    schema.json.name("$schema").value("https://json-schema.org/draft/2020-12/schema");
    schema.json.name("title").value(title);
    schema.keys(Shape.of(type), null);
    schema.json.endObject();
    return new String(schema.json.toByteArray(), UTF_8);
  }

  private void keys(Shape shape, @Nullable String kind) {
    List<Field> fields = shape.fields();
    json.name("type").value("object");
    json.name("additionalProperties").value(false);
    json.name("properties").beginObject();
    if (kind != null) {
      json.name("kind").beginObject().name("const").value(kind).endObject();
    }
    for (Field field : fields) {
      json.name(field.key()).beginObject();
      json.name("description").value(field.about().value());
      defaultOf(field);
      schema(field.type(), field.about());
      json.endObject();
    }
    json.endObject();
    json.name("required").beginArray();
    if (kind != null) {
      json.value("kind");
    }
    fields.stream()
        .filter(field -> field.absence() == Absence.FORBIDDEN)
        .forEach(field -> json.value(field.key()));
    json.endArray();
  }

  private void schema(Type type, @Nullable Key about) {
    if (type instanceof ParameterizedType collection) {
      Type[] of = collection.getActualTypeArguments();
      if (collection.getRawType() == List.class) {
        oneOrMany(of[0]);
      } else {
        named((Class<?>) of[0], of[1]);
      }
      return;
    }
    Class<?> simple = (Class<?>) type;
    var scalar = scalars.find(simple);
    if (scalar.isPresent()) {
      plain(simple, scalar.get(), about);
    } else if (simple.isSealed()) {
      kinds(Shape.kinds(simple));
    } else {
      keys(Shape.of(simple), null);
    }
  }

  private void oneOrMany(Type of) {
    json.name("anyOf").beginArray().beginObject();
    schema(of, null);
    json.endObject().beginObject();
    json.name("type").value("array");
    if (of != String.class) {
      json.name("uniqueItems").value(true);
    }
    json.name("items").beginObject();
    schema(of, null);
    json.endObject().endObject().endArray();
  }

  private void named(Class<?> name, Type value) {
    json.name("type").value("object");
    json.name("propertyNames").beginObject();
    schema(name, null);
    json.endObject();
    json.name("additionalProperties").beginObject();
    schema(value, null);
    json.endObject();
  }

  private void kinds(Map<String, Class<?>> kinds) {
    json.name("oneOf").beginArray();
    kinds.forEach((kind, record) -> {
      json.beginObject();
      keys(Shape.of(record), kind);
      json.endObject();
    });
    json.endArray();
  }

  private void plain(Class<?> type, ScalarType<?> scalar, @Nullable Key about) {
    if (type.isEnum()) {
      json.name("enum").beginArray();
      Scalars.labels(type).forEach(json::value);
      json.endArray();
      return;
    }
    json.name("type").value(jsonType(scalar));
    if (!isString(scalar)) {
      bounds(about);
    } else if (!scalar.pattern().isEmpty()) {
      json.name("pattern").value(scalar.pattern());
    }
  }

  /** Bounds of values with units are in no form that a schema can say. */
  private void bounds(@Nullable Key about) {
    if (about != null) {
      bound("minimum", about.atLeast());
      bound("exclusiveMinimum", about.moreThan());
      bound("maximum", about.atMost());
      bound("exclusiveMaximum", about.lessThan());
    }
  }

  private void bound(String name, String bound) {
    if (!bound.isEmpty()) {
      json.name(name).value(Double.parseDouble(bound));
    }
  }

  private void defaultOf(Field field) {
    String text = field.about().otherwise();
    if (text.isEmpty() || text.equals("{}") || !(field.type() instanceof Class<?> simple)) {
      return;
    }
    json.name("default");
    switch (jsonType(scalars.find(simple).orElseThrow())) {
      case "string" -> json.value(text);
      case "boolean" -> json.value(Boolean.parseBoolean(text));
      default -> json.value(Double.parseDouble(text));
    }
  }

  private static boolean isString(ScalarType<?> scalar) {
    return jsonType(scalar).equals("string");
  }

  private static String jsonType(ScalarType<?> scalar) {
    if (scalar.type() == Integer.class || scalar.type() == Long.class) {
      return "integer";
    } else if (scalar.type() == Double.class) {
      return "number";
    }
    return scalar.type() == Boolean.class ? "boolean" : "string";
  }
}
