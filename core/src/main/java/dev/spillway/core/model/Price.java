package dev.spillway.core.model;

/**
 * What a deployment costs.
 *
 * <p>Rates are nano-dollars per million tokens, so that the cheapest price on any list is still a
 * whole number; rounding happens once, when a request is priced.
 *
 * @param inputPerMillion nano-dollars per million uncached input tokens, at least 0
 * @param cachedInputPerMillion nano-dollars per million cached input tokens, at least 0
 * @param outputPerMillion nano-dollars per million output tokens, at least 0
 * @param perUnitHour nano-dollars per provisioned unit and hour, at least 0; paid whether used or
 *     not, so that a further token of a prepaid deployment costs nothing
 */
public record Price(
    long inputPerMillion, long cachedInputPerMillion, long outputPerMillion, long perUnitHour) {
  /** Tokens cost nothing: our own machines, or prepaid units whose price nobody stated. */
  public static final Price FREE = new Price(0, 0, 0, 0);

  private static final double TOKENS_PER_MILLION = 1e6;

  /** Checks every bound. */
  public Price {
    if (inputPerMillion < 0 || cachedInputPerMillion < 0 || outputPerMillion < 0) {
      throw new IllegalArgumentException("price: negative (expected: >= 0 USD/1M)");
    }
    if (perUnitHour < 0) {
      throw new IllegalArgumentException(
          "price.per-unit-hour: " + perUnitHour + " (expected: >= 0)");
    }
  }

  /**
   * Prices the tokens of one request, rounded half to even once.
   *
   * @param inputTokens all input tokens, cached ones included
   * @param cachedTokens input tokens found in the prefix cache, 0 to {@code inputTokens}
   * @param outputTokens output tokens, at least 0
   */
  public NanoUsd of(long inputTokens, long cachedTokens, long outputTokens) {
    return new NanoUsd((long) Math.rint(nanoUsd(inputTokens, cachedTokens, (double) outputTokens)));
  }

  /** The same, not rounded, for comparing candidates; nano-dollars. */
  public double nanoUsd(long inputTokens, long cachedTokens, double outputTokens) {
    double fresh = (inputTokens - cachedTokens) * (double) inputPerMillion;
    double cached = cachedTokens * (double) cachedInputPerMillion;
    return (fresh + cached + outputTokens * (double) outputPerMillion) / TOKENS_PER_MILLION;
  }
}
