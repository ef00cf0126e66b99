package dev.spillway.app.assembly;

import java.io.Serial;

/** A secret could not be read; the message says from where and why, never what. */
public final class UnreadableSecretException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UnreadableSecretException(String message) {
    super(message);
  }

  /** From where it was to be read, and why that failed. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
