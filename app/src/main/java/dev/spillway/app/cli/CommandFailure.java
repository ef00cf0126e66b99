package dev.spillway.app.cli;

import java.io.Serial;

/** A command could not do what it was told; the message is for the person who told it. */
final class CommandFailure extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
