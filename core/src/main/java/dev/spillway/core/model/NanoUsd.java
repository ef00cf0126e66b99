package dev.spillway.core.model;

import java.math.BigDecimal;

/**
 * An amount of money.
 *
 * @param amount billionths of a US dollar; a {@code long} holds nine billion dollars
 */
public record NanoUsd(long amount) implements Comparable<NanoUsd> {
  /** Nothing. */
  public static final NanoUsd ZERO = new NanoUsd(0);

  /** The sum; throws {@link ArithmeticException} beyond nine billion dollars. */
  public NanoUsd plus(NanoUsd other) {
    return new NanoUsd(Math.addExact(amount, other.amount));
  }

  @Override
  public int compareTo(NanoUsd other) {
    return Long.compare(amount, other.amount);
  }

  /** In dollars, such as {@code 2.5 USD}. */
  @Override
  public String toString() {
    return BigDecimal.valueOf(amount, 9).stripTrailingZeros().toPlainString() + " USD";
  }
}
