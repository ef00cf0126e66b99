package dev.spillway.simulator.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A number within the bounds of a schema: 1, or what is nearest to it. */
final class SampleNumber {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** Beyond these a number written out is no longer short. */
  private static final int MAX_DIGITS = 100;

  private SampleNumber() {}

  static BigDecimal integer(Map<?, ?> schema) {
    BigDecimal step = bound(schema, "multipleOf");
    return within(schema, step == null ? BigDecimal.ONE : step, BigDecimal.ONE);
  }

  static BigDecimal any(Map<?, ?> schema) {
    return within(schema, bound(schema, "multipleOf"), HALF);
  }

  static int count(Map<?, ?> schema, String keyword, int otherwise) {
    BigDecimal value = bound(schema, keyword);
    if (value == null) {
      return otherwise;
    }
    return value.min(BigDecimal.valueOf(Integer.MAX_VALUE)).max(BigDecimal.ZERO).intValue();
  }

  /**
   * The number {@code HALF} past an open bound lies between most bounds that meet in a fraction.
   */
  private static BigDecimal within(Map<?, ?> schema, @Nullable BigDecimal step, BigDecimal past) {
    BigDecimal least = bound(schema, "minimum");
    BigDecimal over = bound(schema, "exclusiveMinimum");
    BigDecimal most = bound(schema, "maximum");
    BigDecimal under = bound(schema, "exclusiveMaximum");
    BigDecimal value = BigDecimal.ONE;
    value = most != null && value.compareTo(most) > 0 ? most : value;
    value = under != null && value.compareTo(under) >= 0 ? under.subtract(past) : value;
    value = least != null && value.compareTo(least) < 0 ? least : value;
    value = over != null && value.compareTo(over) <= 0 ? over.add(past) : value;
    if (step != null && step.signum() > 0) {
      RoundingMode rounding = lowerBounded(least, over) ? RoundingMode.CEILING : RoundingMode.FLOOR;
      value = value.divide(step, 0, rounding).multiply(step);
    }
    if ((least != null && value.compareTo(least) < 0)
        || (over != null && value.compareTo(over) <= 0)
        || (most != null && value.compareTo(most) > 0)
        || (under != null && value.compareTo(under) >= 0)) {
      throw new IllegalArgumentException("number: none found between its bounds");
    }
    return value;
  }

  private static boolean lowerBounded(@Nullable BigDecimal least, @Nullable BigDecimal over) {
    return least != null || over != null;
  }

  private static @Nullable BigDecimal bound(Map<?, ?> schema, String keyword) {
    if (!(schema.get(keyword) instanceof BigDecimal value)) {
      return null;
    }
    if (Math.abs((long) value.precision() - value.scale()) > MAX_DIGITS
        || Math.abs((long) value.scale()) > MAX_DIGITS) {
      throw new IllegalArgumentException(keyword + ": longer than " + MAX_DIGITS + " digits");
    }
    return value;
  }
}
