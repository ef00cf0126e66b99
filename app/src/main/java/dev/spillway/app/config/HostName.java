package dev.spillway.app.config;

/**
 * The name of a host, as {@code Host} has it, without a port.
 *
 * @param value letters, digits, and {@code . _ -} between them
 */
public record HostName(String value) {
  static final String PATTERN = "^[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?$";

  /** Checks the characters; a wildcard would let any name in that somebody else can have. */
  public HostName {
    if (!value.matches(PATTERN)) {
      throw new IllegalArgumentException("host: " + value + " (expected: a name, without a port)");
    }
  }
}
