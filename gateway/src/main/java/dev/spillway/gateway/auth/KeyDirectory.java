package dev.spillway.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which key. Keys themselves are not in it: only their SHA-256.
 *
 * <p>A key is found by the hash of what the caller sent. How long that takes says nothing of keys
 * that exist: to get one byte further, a caller would need a string whose hash begins like a key's,
 * and of that hash it does not know a byte. Immutable; shared by all loops.
 */
public final class KeyDirectory {
  private final Map<String, Grant> bySha256;

  /**
   * Of these keys.
   *
   * @param bySha256 the SHA-256 of each key in lower-case hexadecimal, and what it gives
   */
  public KeyDirectory(Map<String, Grant> bySha256) {
    for (String hash : bySha256.keySet()) {
      if (!hash.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("sha256: not 64 digits of lower-case hexadecimal");
      }
    }
    this.bySha256 = new HashMap<>(bySha256);
  }

  /** What the key gives; null if nobody has it. */
  public @Nullable Grant find(String key) {
    return bySha256.get(sha256(key));
  }

  /** The hash under which a key is kept. */
  public static String sha256(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
