package dev.spillway.wire.link;

import java.io.Serial;

/** What came over a link is not what was agreed; the message says what, never the text itself. */
public final class MalformedMessage extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public MalformedMessage(String message) {
    super(message);
  }

  /** What is wrong, and what showed it. */
  public MalformedMessage(String message, Throwable cause) {
    super(message, cause);
  }
}
