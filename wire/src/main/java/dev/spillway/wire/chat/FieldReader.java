package dev.spillway.wire.chat;

import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;

/** Reads values of the types that the API documents, and refuses others by the field's name. */
final class FieldReader {
  private static final int MAX_TEXT = 512;

  private final JsonCursor cursor;

  FieldReader(JsonCursor cursor) {
    this.cursor = cursor;
  }

  boolean flag(String name) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.BOOLEAN);
    return cursor.bool();
  }

  String text(String name) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.STRING);
    String text = cursor.string();
    if (cursor.textBytes() > MAX_TEXT) {
      throw new InvalidRequest(name, "too long (expected: " + MAX_TEXT + " bytes at most)");
    }
    return text;
  }

  /** An integer from 1 to {@code max}. */
  long integer(String name, long max) throws MalformedJson, InvalidRequest {
    return integer(name, 1, max);
  }

  /** An integer from {@code min}, which is at least 0, to {@code max}. */
  long integer(String name, long min, long max) throws MalformedJson, InvalidRequest {
    expect(name, JsonKind.NUMBER);
    long value = cursor.integerOr(-1);
    if (value < min || value > max) {
      throw new InvalidRequest(
          name,
          "not a number that is taken (expected: an integer from " + min + " to " + max + ")");
    }
    return value;
  }

  void expect(String name, JsonKind expected) throws MalformedJson, InvalidRequest {
    if (cursor.kind() != expected) {
      throw new InvalidRequest(
          name, "of the wrong type (expected: " + FieldNames.of(expected) + ")");
    }
  }

  void expectStringOrArray(String name) throws MalformedJson, InvalidRequest {
    JsonKind kind = cursor.kind();
    if (kind != JsonKind.STRING && kind != JsonKind.ARRAY) {
      throw new InvalidRequest(name, "of the wrong type (expected: a string or an array)");
    }
  }
}
