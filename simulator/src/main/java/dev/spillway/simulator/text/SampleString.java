package dev.spillway.simulator.text;

import java.util.Map;

/** A string of the format and length that a schema asks for; the word "simulated" if of none. */
final class SampleString {
  private static final String ANY = "simulated";
  private static final int MAX_LENGTH = 1 << 16;
  private static final Map<String, String> OF_FORMAT =
      Map.of(
          "date-time", "2026-01-01T00:00:00Z",
          "date", "2026-01-01",
          "time", "00:00:00Z",
          "duration", "PT1S",
          "email", "simulated@example.com",
          "hostname", "simulated.example.com",
          "ipv4", "192.0.2.1",
          "ipv6", "2001:db8::1",
          "uri", "https://example.com/simulated",
          "uuid", "00000000-0000-4000-8000-000000000000");

  private SampleString() {}

  static String of(Map<?, ?> schema) {
    String known = OF_FORMAT.get(String.valueOf(schema.get("format")));
    if (known != null) {
      return known;
    }
    if (schema.containsKey("pattern")) {
      throw new IllegalArgumentException("pattern: not understood (expected: a format, or none)");
    }
    int least = SampleNumber.count(schema, "minLength", 0);
    int most = SampleNumber.count(schema, "maxLength", Integer.MAX_VALUE);
    if (least > most || least > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "minLength: " + least + " (expected: <= maxLength, short)");
    }
    String longEnough = ANY + "d".repeat(Math.max(0, least - ANY.length()));
    return longEnough.substring(0, Math.min(longEnough.length(), most));
  }
}
