package dev.spillway.wire.dialect;

/**
 * How long until a quota is whole again: {@code 1h2m59.56s}, {@code 12ms}, or seconds without a
 * unit. Read by hand, since it is with every answer of some providers.
 */
final class ResetTime {
  static final long UNREADABLE = -1;

  /** What is longer than a day is no reset. */
  private static final double MOST_NANOS = 86_400e9;

  private static final int LONGEST_TEXT = 32;
  private static final double NANOS_PER_SECOND = 1e9;

  private final String text;
  private int at;

  private ResetTime(String text) {
    this.text = text;
  }

  /** Nanoseconds, at least 0; {@link #UNREADABLE} if it is no time of a day at most. */
  static long nanos(String text) {
    boolean hasLength = !text.isEmpty() && text.length() <= LONGEST_TEXT;
    double nanos = hasLength ? new ResetTime(text).sum() : UNREADABLE;
    return nanos >= 0 && nanos <= MOST_NANOS ? (long) nanos : UNREADABLE;
  }

  private double sum() {
    double nanos = 0;
    while (at < text.length()) {
      boolean isFirst = at == 0;
      double number = number();
      double unit = at == text.length() && isFirst ? NANOS_PER_SECOND : unit();
      if (number < 0 || unit < 0) {
        return UNREADABLE;
      }
      nanos += number * unit;
    }
    return nanos;
  }

  /** Digits, and maybe a fraction. */
  private double number() {
    int from = at;
    double number = 0;
    double digitIsWorth = 1;
    boolean inFraction = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.' && !inFraction && at > from) {
        inFraction = true;
      } else if (c < '0' || c > '9') {
        break;
      } else if (inFraction) {
        digitIsWorth /= 10;
        number += (c - '0') * digitIsWorth;
      } else {
        number = number * 10 + c - '0';
      }
    }
    return at == from ? UNREADABLE : number;
  }

  private double unit() {
    if (text.startsWith("ms", at)) {
      at += 2;
      return 1e6;
    }
    char unit = at < text.length() ? text.charAt(at++) : ' ';
    return switch (unit) {
      case 'd' -> 86_400e9;
      case 'h' -> 3_600e9;
      case 'm' -> 60e9;
      case 's' -> NANOS_PER_SECOND;
      default -> UNREADABLE;
    };
  }
}
