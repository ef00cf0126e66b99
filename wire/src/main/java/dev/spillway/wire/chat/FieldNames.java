package dev.spillway.wire.chat;

import dev.spillway.wire.json.JsonKind;

/** How refusals speak of fields. */
final class FieldNames {
  private static final int MAX_SHOWN = 64;

  private FieldNames() {}

  /** A name of a field, if it looks like one: what a client sends as a name may be content. */
  static String shown(String name) {
    boolean isName = name.matches("[a-z0-9_.]{1," + MAX_SHOWN + "}");
    return isName ? name : "a field";
  }

  /** A type, with its article. */
  static String of(JsonKind kind) {
    return switch (kind) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
    };
  }
}
