package dev.spillway.wire.resume;

import dev.spillway.wire.json.ByteSlice;

/**
 * The first half of a surrogate pair at the end of a text that was cut between the two.
 *
 * <p>No request can hold it, so it is not sent again; the engine writes the character anew, and the
 * {@link Seam} leaves out the half that was shown.
 */
final class SplitCharacter {
  private static final int ESCAPE_BYTES = 6;

  private SplitCharacter() {}

  /** The half; 0 if the text does not end in one. */
  static char of(ByteSlice escaped) {
    int from = escaped.length() - ESCAPE_BYTES;
    if (from < 0 || !endsInEscape(escaped, from)) {
      return 0;
    }
    ByteSlice last = new ByteSlice(escaped.array(), escaped.offset() + from, ESCAPE_BYTES);
    char unit = Characters.unescaped(last).charAt(0);
    return Character.isHighSurrogate(unit) ? unit : 0;
  }

  /** The text without it. */
  static ByteSlice without(ByteSlice escaped) {
    int kept = escaped.length() - (of(escaped) == 0 ? 0 : ESCAPE_BYTES);
    return new ByteSlice(escaped.array(), escaped.offset(), kept);
  }

  /** Whether a backslash there begins an escape, and is not escaped itself. */
  private static boolean endsInEscape(ByteSlice escaped, int from) {
    int backslashes = 0;
    int at = escaped.offset() + from;
    if (escaped.array()[at] != '\\' || escaped.array()[at + 1] != 'u') {
      return false;
    }
    while (at - backslashes >= escaped.offset() && escaped.array()[at - backslashes] == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
