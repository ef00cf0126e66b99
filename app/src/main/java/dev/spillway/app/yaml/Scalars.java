package dev.spillway.app.yaml;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that are written as one plain value; enums are, by their names in kebab-case. */
public final class Scalars {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h|d)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);

  private static final List<ScalarType<?>> BASIC =
      List.of(
          ScalarType.of(String.class, "a text", Scalars::text),
          new ScalarType<>(Integer.class, "a whole number", "^-?[0-9]{1,10}$", Integer::valueOf),
          new ScalarType<>(Long.class, "a whole number", "^-?[0-9]{1,19}$", Long::valueOf),
          new ScalarType<>(Double.class, "a number", "^-?[0-9]+(\\.[0-9]+)?$", Scalars::number),
          new ScalarType<>(Boolean.class, "true or false", "^(true|false)$", Scalars::fact),
          new ScalarType<>(
              Duration.class,
              "a duration with its unit, such as 250ms, 1s or 10m",
              "^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d)$",
              Scalars::duration),
          new ScalarType<>(
              LocalDate.class,
              "a day such as 2024-06-11",
              "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
              Scalars::day));

  private final Map<Class<?>, ScalarType<?>> types = new HashMap<>();

  /** Texts, numbers, facts, durations and days, and what else is given. */
  public Scalars(List<ScalarType<?>> more) {
    BASIC.forEach(each -> types.put(each.type(), each));
    more.forEach(each -> types.put(each.type(), each));
  }

  /** How this class is written, if it is a plain value. */
  Optional<ScalarType<?>> find(Class<?> type) {
    if (type.isEnum()) {
      return Optional.of(ofEnum(type));
    }
    return Optional.ofNullable(types.get(boxed(type)));
  }

  /** The names of an enum, in kebab-case and in its order. */
  static List<String> labels(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(Scalars::label).toList();
  }

  private static ScalarType<Object> ofEnum(Class<?> type) {
    String expected = labels(type).stream().collect(joining(", ", "one of ", ""));
    return ScalarType.of(
        Object.class,
        expected,
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(each -> label(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text)));
  }

  private static String label(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Class<?> boxed(Class<?> type) {
    if (type == int.class) {
      return Integer.class;
    } else if (type == long.class) {
      return Long.class;
    } else if (type == double.class) {
      return Double.class;
    }
    return type == boolean.class ? Boolean.class : type;
  }

  private static String text(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("empty");
    }
    return text;
  }

  private static Double number(String text) {
    return new BigDecimal(text).doubleValue();
  }

  private static Boolean fact(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /**
   * Reads a time with its unit, such as {@code 250ms}; commands use the same words.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    BigDecimal unit = BigDecimal.valueOf(NANOS.getOrDefault(matcher.group(2), 0L));
    return Duration.ofNanos(whole(new BigDecimal(matcher.group(1)).multiply(unit)));
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static long whole(BigDecimal nanos) {
    try {
      return nanos.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(nanos.toString(), e);
    }
  }
}
