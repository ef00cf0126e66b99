package dev.spillway.gateway.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;

/**
 * Times as ISO 8601 has them, to the microsecond; within a second only its fraction is written
 * anew. One thread only.
 */
final class TimeText {
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int DIGITS = 6;

  private long second = Long.MIN_VALUE;
  private byte[] text = {};

  /** In ASCII; good until the next call. */
  byte[] of(Instant at) {
    if (at.getEpochSecond() != second) {
      second = at.getEpochSecond();
      String whole = Instant.ofEpochSecond(second).toString();
      String withFraction = whole.substring(0, whole.length() - 1) + "." + "0".repeat(DIGITS) + "Z";
      text = withFraction.getBytes(US_ASCII);
    }
    int micros = at.getNano() / NANOS_PER_MICRO;
    int last = text.length - 2;
    for (int i = last; i > last - DIGITS; i--) {
      text[i] = (byte) ('0' + micros % 10);
      micros /= 10;
    }
    return text;
  }
}
