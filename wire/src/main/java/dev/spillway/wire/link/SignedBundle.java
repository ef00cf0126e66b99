package dev.spillway.wire.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.wire.json.ByteSlice;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/**
 * A policy bundle as it travels: its text, and an Ed25519 signature over exactly that text.
 *
 * @param payload the bundle's JSON
 * @param signature base64
 * @param keyId of the key that signed it, as whoever sent it says; empty if it does not
 */
public record SignedBundle(String payload, String signature, String keyId) {
  private static final String ED25519 = "Ed25519";

  /** One that does not say which key signed it. */
  public SignedBundle(String payload, String signature) {
    this(payload, signature, "");
  }

  /** Signs a text, and says with which key. */
  public static SignedBundle sign(String payload, KeyPair keys) {
    SignedBundle signed = sign(payload, keys.getPrivate());
    return new SignedBundle(payload, signed.signature(), LinkNames.keyId(keys.getPublic()));
  }

  /** Signs a text. */
  public static SignedBundle sign(String payload, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(ED25519);
      signature.initSign(key);
      signature.update(payload.getBytes(UTF_8));
      return new SignedBundle(payload, Base64.getEncoder().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the policy key", e);
    }
  }

  /** Whether the holder of this key signed it. */
  public boolean isSignedBy(PublicKey key) {
    try {
      Signature check = Signature.getInstance(ED25519);
      check.initVerify(key);
      check.update(payload.getBytes(UTF_8));
      return check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether it says that another key signed it. */
  public boolean saysAnotherKeyThan(PublicKey key) {
    return !keyId.isEmpty() && !keyId.equals(LinkNames.keyId(key));
  }

  /** For a file. */
  public byte[] encode() {
    return new HubMessage.NewBundle(this).encode();
  }

  /** Reads what {@link #encode} wrote; empty if it is not that. */
  public static Optional<SignedBundle> decode(byte[] text) {
    try {
      return HubMessage.decode(ByteSlice.of(text)) instanceof HubMessage.NewBundle(var bundle)
          ? Optional.of(bundle)
          : Optional.empty();
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }
}
