package dev.spillway.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.json.JsonTree;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSchemaTest {
  static Stream<Named<String>> schemas() {
    return Stream.of(
        Named.of("spillway.yaml", ConfigFile.schema()),
        Named.of("site.yaml", ConfigFile.siteSchema()));
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void everyDefaultIsOfItsKeysType(String schema) {
    JsonTree tree = JsonTree.read(schema);

    assertThat(tree.at("$schema").text()).contains("json-schema.org");
    assertThat(withDefaults(tree.value()))
        .isNotEmpty()
        .allMatch(key -> isOfType(key.get("default"), key.get("type")));
  }

  /** Arguments may come again, and say another thing each time. */
  @ParameterizedTest
  @MethodSource("schemas")
  void letsACommandRepeatItsWords(String schema) {
    assertThat(commands(JsonTree.read(schema).value()))
        .isNotEmpty()
        .allSatisfy(command -> assertThat(command.toString()).doesNotContain("uniqueItems"));
    assertThat(schema).contains("\"uniqueItems\":true");
  }

  private static Stream<Object> commands(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> object -> {
        Stream<Object> inside = object.values().stream().flatMap(JsonSchemaTest::commands);
        Object command = object.get("command");
        yield command == null ? inside : Stream.concat(Stream.of(command), inside);
      }
      case Iterable<?> list ->
          StreamSupport.stream(list.spliterator(), false).flatMap(JsonSchemaTest::commands);
      case null, default -> Stream.empty();
    };
  }

  private static Stream<Map<?, ?>> withDefaults(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> object)) {
      return Stream.empty();
    }
    Stream<Map<?, ?>> inside = object.values().stream().flatMap(JsonSchemaTest::withDefaults);
    return object.get("type") instanceof String && object.containsKey("default")
        ? Stream.concat(Stream.of(object), inside)
        : inside;
  }

  private static boolean isOfType(@Nullable Object value, @Nullable Object type) {
    return switch (String.valueOf(type)) {
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "integer", "number" -> value instanceof Number;
      default -> false;
    };
  }
}
