package dev.spillway.simulator.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class SchemaSampleTest {
  private static final JsonFactory JSON = new JsonFactory();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]} | {"city":"simulated","days":1}
          {"type":"object","required":["x"]}                                      | {"x":true}
          {"type":"object"}                                                       | {}
          {"type":"array","items":{"type":"boolean"},"minItems":2}                | [true,true]
          {"type":"array","items":{"type":"null"},"maxItems":0}                   | []
          {"enum":["röt",2]}                                                      | "röt"
          {"const":{"a":[1,null]}}                                                | {"a":[1,null]}
          {"type":["null","string"],"maxLength":3}                                | "sim"
          {"type":"string","minLength":11}                                        | "simulateddd"
          {"type":"string","format":"date"}                                       | "2026-01-01"
          {"type":"integer","minimum":10,"multipleOf":4}                          | 12
          {"type":"integer","maximum":-3}                                         | -3
          {"type":"number","exclusiveMinimum":1,"exclusiveMaximum":2}             | 1.5
          {"anyOf":[{"type":"integer"},{"type":"null"}]}                          | 1
          {"properties":{"a":{"allOf":[{"type":"integer"}]}}}                     | {"a":1}
          {"$defs":{"p":{"type":"integer"}},"items":{"$ref":"#/$defs/p"}}         | [1]
          """)
  void isOneValueThatSatisfiesTheSchema(String schema, String value) {
    assertThat(SchemaSample.of(tree(schema))).isEqualTo(value);
  }

  @Test
  void endsWhereASchemaSpeaksOfItself() {
    String list =
        """
        {"type":"object","properties":{"value":{"type":"integer"},"next":{"$ref":"#"}},"required":["value"]}
        """;

    assertThat(SchemaSample.of(tree(list)))
        .startsWith("{\"value\":1,\"next\":{\"value\":1,\"next\":")
        .hasSizeLessThan(300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
        "{\"$ref\":\"#\"}",
        "{\"$ref\":\"elsewhere.json\"}",
        "{\"type\":\"string\",\"pattern\":\"[a-z]+\"}",
        "{\"type\":\"string\",\"minLength\":1e9}",
        "{\"type\":\"integer\",\"minimum\":1e999999999}",
        "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2}",
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":2000000000}",
        "{\"type\":\"tuple\"}",
        "{\"enum\":[]}",
        "false"
      })
  void refusesWhatNothingShortSatisfies(String schema) {
    assertThatThrownBy(() -> SchemaSample.of(tree(schema)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Object tree(String json) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      Object tree = JsonTree.read(parser);
      return tree == null ? "null" : tree;
    }
  }
}
