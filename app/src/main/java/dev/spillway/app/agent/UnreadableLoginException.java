package dev.spillway.app.agent;

import java.io.IOException;
import java.io.Serial;

/** What an agent proves itself to a proxy with cannot be read; never says what it is. */
public final class UnreadableLoginException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final String key;
  private final String found;

  UnreadableLoginException(String key, String found, Throwable cause) {
    super(key + ": " + found, cause);
    this.key = key;
    this.found = found;
  }

  /** The key of {@code site.yaml} that says where it is. */
  public String key() {
    return key;
  }

  /** From where it was to be read, and why that failed. */
  public String found() {
    return found;
  }
}
