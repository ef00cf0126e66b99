package dev.spillway.app.assembly;

/**
 * A secret that was read; never shown.
 *
 * @param value printable ASCII without spaces, at least one character
 */
public record Secret(String value) {
  private static final String PRINTABLE = "[\\x21-\\x7e]+";

  /** Checks that it can be sent in a header. */
  public Secret {
    if (!value.matches(PRINTABLE)) {
      throw new IllegalArgumentException(
          value.isEmpty()
              ? "empty (expected: a secret)"
              : "*** (expected: printable ASCII without spaces or line ends)");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
