package dev.spillway.wire.resume;

import dev.spillway.wire.json.ByteSlice;

/**
 * Steps over the characters of a text that stands between the quotes of a JSON string and is known
 * to be well-formed. Half of a surrogate pair, which only an escape can hold, is a step of its own.
 */
final class Characters {
  private final ByteSlice escaped;
  private int from;
  private int to;
  private int value;

  Characters(ByteSlice escaped) {
    this.escaped = escaped;
  }

  /** The text, with any half of a surrogate pair as it is. */
  static String unescaped(ByteSlice escaped) {
    StringBuilder text = new StringBuilder(escaped.length());
    Characters characters = new Characters(escaped);
    while (characters.next()) {
      text.appendCodePoint(characters.value);
    }
    return text.toString();
  }

  /** Steps on; false at the end. */
  boolean next() {
    from = to;
    if (from == escaped.length()) {
      return false;
    }
    int lead = at(from);
    if (lead == '\\') {
      escape();
    } else if (lead < 0x80) {
      take(1, lead);
    } else if (lead < 0xE0) {
      take(2, lead & 0x1F);
    } else if (lead < 0xF0) {
      take(3, lead & 0x0F);
    } else {
      take(4, lead & 0x07);
    }
    return true;
  }

  /** The code point, or the half of a surrogate pair. */
  int value() {
    return value;
  }

  /** How many units of UTF-16 it is. */
  int units() {
    return Character.charCount(value);
  }

  /** Where it begins, from the start of the text. */
  int from() {
    return from;
  }

  /** Where it ends. */
  int to() {
    return to;
  }

  private void escape() {
    int kind = at(from + 1);
    to = from + (kind == 'u' ? 6 : 2);
    value =
        switch (kind) {
          case 'u' -> hex(from + 2);
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> kind;
        };
  }

  private int hex(int index) {
    int number = 0;
    for (int i = index; i < index + 4; i++) {
      number = (number << 4) | Character.digit(at(i), 16);
    }
    return number;
  }

  private void take(int bytes, int bits) {
    to = from + bytes;
    value = bits;
    for (int i = from + 1; i < to; i++) {
      value = (value << 6) | (at(i) & 0x3F);
    }
  }

  private int at(int index) {
    return escaped.array()[escaped.offset() + index] & 0xFF;
  }
}
