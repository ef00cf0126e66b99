package dev.spillway.app.assembly;

/**
 * A secret that was read; never shown.
 *
 * @param value printable ASCII without spaces, at least one character; of a token it may say before
 *     it that it is one: {@code Bearer TOKEN}
 */
public record Secret(String value) {
  private static final String BEARER = "Bearer ";
  private static final String PRINTABLE = "(" + BEARER + ")?[\\x21-\\x7e]+";

  /** Checks that it can be sent in a header. */
  public Secret {
    if (!value.matches(PRINTABLE)) {
      throw new IllegalArgumentException(
          value.isEmpty()
              ? "empty (expected: a secret)"
              : "*** (expected: printable ASCII without spaces or line ends)");
    }
  }

  /** Whether it says that it is a token. */
  public boolean isBearer() {
    return value.startsWith(BEARER);
  }

  @Override
  public String toString() {
    return "***";
  }
}
