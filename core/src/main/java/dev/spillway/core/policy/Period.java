package dev.spillway.core.policy;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;

/** A stretch of the UTC calendar after which a cap starts again from nothing. */
public enum Period {
  /** From midnight. */
  DAY,
  /** From Monday's midnight, as in ISO 8601. */
  WEEK,
  /** From the first day's midnight. */
  MONTH,
  /** From New Year's midnight. */
  YEAR;

  private static final long SECONDS_PER_DAY = 86_400;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name in configuration and metrics, such as {@code month}. */
  public String label() {
    return label;
  }

  /** Finds the period of this label; empty if there is none. */
  public static Optional<Period> ofLabel(String label) {
    for (Period each : values()) {
      if (each.label.equals(label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The first second of the period that {@code epochSecond} lies in, in seconds since 1970. */
  public long startOf(long epochSecond) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_PER_DAY));
    return firstSecondOf(firstDayOf(day));
  }

  /** The first second of the next period, in seconds since 1970. */
  public long endOf(long epochSecond) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_PER_DAY));
    LocalDate first = firstDayOf(day);
    return firstSecondOf(
        switch (this) {
          case DAY -> first.plusDays(1);
          case WEEK -> first.plusWeeks(1);
          case MONTH -> first.plusMonths(1);
          case YEAR -> first.plusYears(1);
        });
  }

  private LocalDate firstDayOf(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case YEAR -> day.withDayOfYear(1);
    };
  }

  private static long firstSecondOf(LocalDate day) {
    return day.toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC);
  }
}
