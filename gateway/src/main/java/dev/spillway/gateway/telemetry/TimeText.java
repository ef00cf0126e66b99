package dev.spillway.gateway.telemetry;

import java.time.Instant;

/**
 * Times as ISO 8601 has them, to the microsecond; within a second only its fraction is written
 * anew. One thread only.
 */
final class TimeText {
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int DIGITS = 6;

  private long second = Long.MIN_VALUE;
  private String whole = "";

  String of(Instant at) {
    if (at.getEpochSecond() != second) {
      second = at.getEpochSecond();
      String text = Instant.ofEpochSecond(second).toString();
      whole = text.substring(0, text.length() - 1);
    }
    char[] fraction = new char[DIGITS];
    int micros = at.getNano() / NANOS_PER_MICRO;
    for (int i = DIGITS - 1; i >= 0; i--) {
      fraction[i] = (char) ('0' + micros % 10);
      micros /= 10;
    }
    return whole + '.' + new String(fraction) + 'Z';
  }
}
