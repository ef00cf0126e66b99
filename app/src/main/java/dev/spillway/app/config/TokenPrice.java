package dev.spillway.app.config;

/**
 * What a million tokens cost.
 *
 * @param nanoUsdPerMillion billionths of a dollar, at least 0
 */
public record TokenPrice(long nanoUsdPerMillion) {
  private static final String PER_MILLION = "/1M";
  static final String PATTERN = "^[0-9]{1,9}(\\.[0-9]{1,9})? USD/1M$";

  /** Reads {@code 2.50 USD/1M}; throws {@link IllegalArgumentException} if it is no such text. */
  static TokenPrice parse(String text) {
    if (!text.endsWith(PER_MILLION)) {
      throw new IllegalArgumentException(text);
    }
    String amount = text.substring(0, text.length() - PER_MILLION.length());
    return new TokenPrice(ConfigScalars.money(amount).amount());
  }
}
