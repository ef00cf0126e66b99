package dev.spillway.core.provider;

import java.io.Serial;

/** A provider did not answer as asked; the message says what was asked and what came back. */
public final class ProviderException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** With the cause, if another exception was it. */
  public ProviderException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Without a cause: the answer itself was wrong. */
  public ProviderException(String message) {
    super(message);
  }
}
