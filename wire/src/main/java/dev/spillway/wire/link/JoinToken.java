package dev.spillway.wire.link;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What lets one agent join once: a secret of 256 bits, and the fingerprint of the authority that
 * signs for the hub, so that the agent knows the hub before it shows the secret.
 *
 * <p>Never printed but by the command that makes it: {@link #toString} hides it.
 */
public final class JoinToken {
  /** Bytes of the secret. */
  public static final int SECRET_BYTES = 32;

  private static final String PREFIX = "spillway-join-";
  private static final int FINGERPRINT_BYTES = 32;

  private final byte[] secret;
  private final byte[] fingerprint;

  private JoinToken(byte[] secret, byte[] fingerprint) {
    this.secret = secret;
    this.fingerprint = fingerprint;
  }

  /**
   * A new one.
   *
   * @param secret {@value #SECRET_BYTES} random bytes
   * @param authority encoded certificate of the authority
   */
  public static JoinToken of(byte[] secret, byte[] authority) {
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("secret: " + secret.length + " (expected: 32 bytes)");
    }
    return new JoinToken(secret.clone(), sha256(authority));
  }

  /** Reads what {@link #reveal} wrote. */
  public static JoinToken parse(String text) throws MalformedMessage {
    byte[] both = text.startsWith(PREFIX) ? decoded(text.substring(PREFIX.length())) : new byte[0];
    if (both.length != SECRET_BYTES + FINGERPRINT_BYTES) {
      throw new MalformedMessage(
          "not a join token (expected: " + PREFIX + "... as `spillway site token` printed it)");
    }
    return new JoinToken(
        Arrays.copyOf(both, SECRET_BYTES), Arrays.copyOfRange(both, SECRET_BYTES, both.length));
  }

  /** The whole of it, for the person who carries it to the site. */
  public String reveal() {
    byte[] both = Arrays.copyOf(secret, SECRET_BYTES + FINGERPRINT_BYTES);
    System.arraycopy(fingerprint, 0, both, SECRET_BYTES, FINGERPRINT_BYTES);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
  }

  /** Under which the hub keeps it: the secret's SHA-256 in hexadecimal. */
  public String hash() {
    return HexFormat.of().formatHex(sha256(secret));
  }

  /** Whether this is the authority it was made under. */
  public boolean isOf(byte[] authority) {
    return MessageDigest.isEqual(fingerprint, sha256(authority));
  }

  @Override
  public String toString() {
    return "***";
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
