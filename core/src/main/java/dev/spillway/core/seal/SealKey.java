package dev.spillway.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret under which facts are sealed: the platform's, or the one derived of it for a site.
 *
 * <p>Whoever has a site's key can forge facts for that site alone, and finds out neither the
 * platform's key nor another site's. Never shown: {@link #toString} hides it.
 */
public final class SealKey {
  /** Bytes of a key. */
  public static final int BYTES = 32;

  private static final String HMAC = "HmacSHA256";
  private static final int PSEUDONYM_BYTES = 10;
  private static final int MARK_BYTES = 6;

  private final byte[] secret;

  private SealKey(byte[] secret) {
    this.secret = secret;
  }

  /** Of {@value #BYTES} random bytes. */
  public static SealKey of(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("key: " + secret.length + " (expected: 32 bytes)");
    }
    return new SealKey(secret.clone());
  }

  /** Reads what {@link #reveal} wrote. */
  public static SealKey parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** For its keeper and for the site it is of; a secret. */
  public String reveal() {
    return HexFormat.of().formatHex(secret);
  }

  /** The key of one site. */
  public SealKey forSite(SiteId site) {
    return new SealKey(mac(("spillway seal for site " + site).getBytes(UTF_8)));
  }

  /**
   * How a tenant is called at a site, by the platform's key: the same there every time, another at
   * every other site, and no way back.
   */
  public TenantId pseudonym(SiteId site, TenantId tenant) {
    byte[] mac = mac(("spillway tenant at " + site + "\n" + tenant).getBytes(UTF_8));
    return new TenantId("t" + HexFormat.of().formatHex(Arrays.copyOf(mac, PSEUDONYM_BYTES)));
  }

  /**
   * A name that stands for another without showing it, by this key: eight letters, digits, {@code
   * -} and {@code _}, the same every time.
   */
  public String mark(String name) {
    byte[] mac = mac(("spillway mark of " + name).getBytes(UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac, MARK_BYTES));
  }

  byte[] mac(byte[] message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
