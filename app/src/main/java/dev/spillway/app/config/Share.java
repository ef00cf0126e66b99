package dev.spillway.app.config;

import java.math.BigDecimal;

/**
 * A part of a whole, written in percent.
 *
 * @param value 1 is all of it
 */
public record Share(double value) implements Comparable<Share> {
  static final String PATTERN = "^[0-9]{1,3}(\\.[0-9]{1,9})?%$";
  private static final int PERCENT = 2;

  /** Reads {@code 99.5%}; throws {@link IllegalArgumentException} if it is no such text. */
  static Share parse(String text) {
    if (!text.matches(PATTERN)) {
      throw new IllegalArgumentException(text);
    }
    BigDecimal percent = new BigDecimal(text.substring(0, text.length() - 1));
    return new Share(percent.movePointLeft(PERCENT).doubleValue());
  }

  @Override
  public int compareTo(Share other) {
    return Double.compare(value, other.value);
  }
}
