package dev.spillway.app.config;

/**
 * Where a web page comes from, as browsers send it in {@code Origin}.
 *
 * @param value scheme, host and, if it is not the scheme's, port
 */
public record Origin(String value) {
  static final String PATTERN = "^https?://[^/\\s*]+$";

  /** Checks the form; a wildcard would let any page spend a user's tokens. */
  public Origin {
    if (!value.matches(PATTERN)) {
      throw new IllegalArgumentException("origin: " + value + " (expected: scheme and host)");
    }
  }
}
