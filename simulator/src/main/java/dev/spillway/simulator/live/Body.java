package dev.spillway.simulator.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.InputStream;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Request bodies as JSON: each step says what was expected, or goes on. */
final class Body {
  private static final JsonFactory JSON = JsonFactory.builder().build();

  private Body() {}

  /** What is made of a body. */
  @FunctionalInterface
  interface Reading<T> {
    T read(JsonParser json) throws RequestRefused;
  }

  /** What is made of one field; the parser stands at its value. */
  @FunctionalInterface
  interface FieldReading {
    void read(String name, JsonParser json) throws RequestRefused;
  }

  /** Reads a body; does not take its reference. */
  static <T> T read(ByteBuf body, Reading<T> reading) throws RequestRefused {
    InputStream in = new ByteBufInputStream(body.duplicate());
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      T value = reading.read(json);
      if (json.nextToken() != null) {
        throw new RequestRefused(ApiError.invalid(null, "Text after the JSON object."));
      }
      return value;
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new RequestRefused(ApiError.invalid(null, "The body is not valid JSON" + where + "."));
    }
  }

  /** Reads the object that the body must be. */
  static void eachField(JsonParser json, FieldReading reading) throws RequestRefused {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new RequestRefused(ApiError.invalid(null, "The body is not a JSON object."));
    }
    fields(json, reading);
  }

  /** Reads the object the parser stands at. */
  static void fields(JsonParser json, FieldReading reading) throws RequestRefused {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      reading.read(name, json);
    }
  }

  static void eachFieldOrNull(JsonParser json, String name, FieldReading reading)
      throws RequestRefused {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      expect(json, JsonToken.START_OBJECT, name, "an object");
      fields(json, reading);
    }
  }

  static void expect(JsonParser json, JsonToken token, String name, String expected)
      throws RequestRefused {
    if (json.currentToken() != token) {
      throw invalid(name, expected);
    }
  }

  static String text(JsonParser json, String name) throws RequestRefused {
    expect(json, JsonToken.VALUE_STRING, name, "a string");
    return json.getString();
  }

  static boolean flag(JsonParser json, String name) throws RequestRefused {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw invalid(name, "a boolean");
    };
  }

  static OptionalInt countOrNull(JsonParser json, String name, int least) throws RequestRefused {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return OptionalInt.empty();
    }
    expect(json, JsonToken.VALUE_NUMBER_INT, name, "an integer");
    long value = json.getLongValue();
    if (value < least || value > Integer.MAX_VALUE) {
      throw invalid(name, "an integer of at least " + least);
    }
    return OptionalInt.of((int) value);
  }

  static RequestRefused invalid(String name, String expected) {
    return new RequestRefused(
        ApiError.invalid(name, "Invalid value for '" + name + "' (expected: " + expected + ")."));
  }
}
