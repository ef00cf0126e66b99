package dev.spillway.core.model;

/** What a name may look like; the same for all, so that it fits a label, a header and a URL. */
final class Ids {
  private static final int MAX_LENGTH = 128;

  private Ids() {}

  static void check(String what, String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
      throw malformed(what, value);
    }
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isLetterOrDigit(c) && "._-/:".indexOf(c) < 0) {
        throw malformed(what, value);
      }
    }
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static IllegalArgumentException malformed(String what, String value) {
    return new IllegalArgumentException(
        what
            + ": '"
            + value
            + "' (expected: 1 to "
            + MAX_LENGTH
            + " letters, digits, '.', '_', '-', '/' or ':', the first a letter or digit)");
  }
}
