package dev.spillway.wire.dialect;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How long a provider asks to be left alone: {@code retry-after-ms}, then {@code Retry-After} in
 * seconds or as a date (RFC 9110, section 10.2.3), in the order of the official clients.
 */
public final class RetryAfter {
  /** The longest that is believed: what asks for more is wrong, or never meant to be waited for. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /**
   * The time asked for, more than zero and at most {@link #LONGEST}; null if none was asked, or not
   * readably. A time that is over says nothing, as by a clock that is behind: who refuses now is
   * not to be asked again now.
   */
  public static @Nullable Duration read(HeaderLookup headers, Instant now) {
    Duration asked = number(headers.first("retry-after-ms"), 1_000_000);
    if (asked == null) {
      String value = headers.first("retry-after");
      asked = number(value, 1_000_000_000);
      asked = asked == null ? date(value, now) : asked;
    }
    return asked;
  }

  private static @Nullable Duration number(@Nullable String value, long nanosPerUnit) {
    if (value == null) {
      return null;
    }
    double units;
    try {
      units = Double.parseDouble(value.strip());
    } catch (NumberFormatException _) {
      return null;
    }
    double nanos = Math.min(units * nanosPerUnit, (double) LONGEST.toNanos());
    return nanos >= 1 ? Duration.ofNanos((long) nanos) : null;
  }

  private static @Nullable Duration date(@Nullable String value, Instant now) {
    if (value == null) {
      return null;
    }
    try {
      Instant then =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration asked = Duration.between(now, then);
      if (!asked.isPositive()) {
        return null;
      }
      return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    } catch (DateTimeException _) {
      return null;
    }
  }
}
