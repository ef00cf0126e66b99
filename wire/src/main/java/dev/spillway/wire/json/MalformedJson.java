package dev.spillway.wire.json;

import java.io.Serial;

/**
 * A text is not the JSON that was expected. The message says what and where, never the text itself.
 *
 * <p>Has no stack trace: it is an outcome of reading hostile input, not a fault of the program.
 */
public final class MalformedJson extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * What is wrong.
   *
   * @param position where, in bytes from the start of the text
   */
  public MalformedJson(String what, int position) {
    super(what + " at byte " + position, null, false, false);
  }
}
