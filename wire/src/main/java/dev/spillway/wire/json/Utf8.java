package dev.spillway.wire.json;

/** Well-formed UTF-8: Unicode 16, table 3-7. */
final class Utf8 {
  private Utf8() {}

  /**
   * Length of the sequence of two to four bytes at {@code at}; 0 if it is not well-formed:
   * overlong, a surrogate, beyond U+10FFFF, or cut off before {@code end}.
   */
  static int sequenceLength(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0xC2 || lead > 0xF4 || at + 1 >= end) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    if (lead < 0xE0) {
      return isBetween(second, 0x80, 0xBF) ? 2 : 0;
    }
    if (!isSecond(lead, second) || at + 2 >= end || !isContinuation(bytes[at + 2])) {
      return 0;
    }
    if (lead < 0xF0) {
      return 3;
    }
    return at + 3 < end && isContinuation(bytes[at + 3]) ? 4 : 0;
  }

  private static boolean isSecond(int lead, int second) {
    return switch (lead) {
      case 0xE0 -> isBetween(second, 0xA0, 0xBF);
      case 0xED -> isBetween(second, 0x80, 0x9F);
      case 0xF0 -> isBetween(second, 0x90, 0xBF);
      case 0xF4 -> isBetween(second, 0x80, 0x8F);
      default -> isBetween(second, 0x80, 0xBF);
    };
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private static boolean isBetween(int value, int low, int high) {
    return value >= low && value <= high;
  }
}
