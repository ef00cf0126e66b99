package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Numbers: RFC 8259, section 6. */
final class JsonNumber {
  /** The longest that is taken. */
  static final int MAX_BYTES = 64;

  private static final int MAX_DIGITS = 18;

  private JsonNumber() {}

  /**
   * Reads over a number.
   *
   * @param start where the text begins, to tell positions in messages
   * @return the byte after it
   */
  static int scan(byte[] bytes, int from, int end, int start) throws MalformedJson {
    int at = is(bytes, from, end, '-') ? from + 1 : from;
    at = is(bytes, at, end, '0') ? at + 1 : digits(bytes, at, end, start);
    if (is(bytes, at, end, '.')) {
      at = digits(bytes, at + 1, end, start);
    }
    if (is(bytes, at, end, 'e') || is(bytes, at, end, 'E')) {
      boolean signed = is(bytes, at + 1, end, '+') || is(bytes, at + 1, end, '-');
      at = digits(bytes, signed ? at + 2 : at + 1, end, start);
    }
    if (at - from > MAX_BYTES) {
      throw new MalformedJson("number of more than " + MAX_BYTES + " bytes", from - start);
    }
    return at;
  }

  /** Whether it is within the range of a double, as one without an exponent is. */
  static boolean isFinite(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == 'e' || bytes[i] == 'E') {
        return Double.isFinite(Double.parseDouble(new String(bytes, from, to - from, ISO_8859_1)));
      }
    }
    return true;
  }

  /** Its value if it is an integer of 18 digits at most. */
  static long integerOr(long otherwise, byte[] bytes, int from, int to) {
    boolean negative = bytes[from] == '-';
    int at = negative ? from + 1 : from;
    if (to - at > MAX_DIGITS) {
      return otherwise;
    }
    long value = 0;
    for (; at < to; at++) {
      if (!isDigit(bytes[at])) {
        return otherwise;
      }
      value = 10 * value + (bytes[at] - '0');
    }
    return negative ? -value : value;
  }

  private static int digits(byte[] bytes, int from, int end, int start) throws MalformedJson {
    int at = from;
    while (at < end && isDigit(bytes[at])) {
      at++;
    }
    if (at == from) {
      throw new MalformedJson("no digit", at - start);
    }
    return at;
  }

  private static boolean is(byte[] bytes, int at, int end, char c) {
    return at < end && bytes[at] == c;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
