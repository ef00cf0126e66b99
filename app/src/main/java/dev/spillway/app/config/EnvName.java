package dev.spillway.app.config;

/**
 * Names an environment variable.
 *
 * @param value letters, digits and underscores, the first no digit
 */
public record EnvName(String value) {
  static final String PATTERN = "^[A-Za-z_][A-Za-z0-9_]{0,127}$";

  /** Checks the characters; does not repeat them, since people put the secret here. */
  public EnvName {
    if (!value.matches(PATTERN)) {
      throw new IllegalArgumentException("env: *** (expected: " + PATTERN + ")");
    }
  }
}
