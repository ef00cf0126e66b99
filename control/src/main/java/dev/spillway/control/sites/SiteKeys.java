package dev.spillway.control.sites;

import dev.spillway.core.seal.SealKey;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The hub's secrets of links; all in its store.
 *
 * @param authority signs certificates
 * @param policy signs policy bundles, Ed25519
 * @param seal seals facts
 */
public record SiteKeys(Authority authority, KeyPair policy, SealKey seal) {
  /**
   * Those of a store, made when they are asked for first.
   *
   * @param external an authority from outside; null for the hub's own
   * @throws IOException if the store cannot be used
   */
  public static SiteKeys of(SiteStore store, @Nullable Authority external, Instant now)
      throws IOException {
    Authority authority = external == null ? Authority.of(store, now) : external;
    String seal = store.secret("seal-key", SiteKeys::randomKey);
    String policy = store.secret("policy-key.pem", SiteKeys::policyPair);
    try {
      KeyPair pair =
          new KeyPair(Pem.publicKey("Ed25519", policy), Pem.privateKey("Ed25519", policy));
      return new SiteKeys(authority, pair, SealKey.parse(seal));
    } catch (MalformedMessage | IllegalArgumentException e) {
      throw new IOException("a key in the store cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }

  private static String randomKey() {
    byte[] secret = new byte[SealKey.BYTES];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private static String policyPair() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return Pem.of(pair.getPublic()) + Pem.of(pair.getPrivate());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }
}
