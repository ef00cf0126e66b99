package dev.spillway.gateway;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The data port's certificate or its key cannot be used; says which, never what is in it. */
public final class UnusableCertificateException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final String key;
  private final String found;

  UnusableCertificateException(String key, String found, @Nullable Throwable cause) {
    super(key + ": " + found, cause);
    this.key = key;
    this.found = found;
  }

  /** Under which key of the configuration the file stands. */
  public String key() {
    return key;
  }

  /** Which file it is, and what is wrong with it. */
  public String found() {
    return found;
  }
}
