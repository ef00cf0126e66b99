package dev.spillway.app.yaml;

import java.util.function.Function;

/**
 * A type that is written as one plain value.
 *
 * @param type its class
 * @param expected what a value looks like, for people, such as {@code a duration such as 250ms}
 * @param pattern a regular expression of what is allowed, for editors; empty if none is needed
 * @param parse makes a value of its text; throws {@link IllegalArgumentException} if it cannot
 */
public record ScalarType<T>(
    Class<T> type, String expected, String pattern, Function<String, T> parse) {
  /** A type whose own words say enough, its texts being of any form. */
  public static <T> ScalarType<T> of(Class<T> type, String expected, Function<String, T> parse) {
    return new ScalarType<>(type, expected, "", parse);
  }
}
