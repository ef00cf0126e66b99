package dev.spillway.app.config;

import java.util.HexFormat;

/**
 * The SHA-256 of a key.
 *
 * @param hex 64 hex digits in lower case
 */
public record Sha256(String hex) {
  static final String PATTERN = "^[0-9a-f]{64}$";

  /** Checks the digits. */
  public Sha256 {
    if (!hex.matches(PATTERN)) {
      throw new IllegalArgumentException("sha256: *** (expected: 64 hex digits in lower case)");
    }
  }

  /** Its 32 bytes, a new array. */
  public byte[] toBytes() {
    return HexFormat.of().parseHex(hex);
  }
}
