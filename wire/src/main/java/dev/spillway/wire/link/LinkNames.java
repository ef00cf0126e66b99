package dev.spillway.wire.link;

import dev.spillway.core.model.SiteId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a certificate of a link is for: one URI among its subject alternative names; and from when it
 * is good.
 */
public final class LinkNames {
  /** The hub. */
  public static final String HUB = "spillway:hub";

  /** The protocol of a link, as TLS calls it (ALPN); whoever asks for another wants to enrol. */
  public static final String PROTOCOL = "spillway-link/1";

  /** Why a hub closes a link for good (the debug data of an HTTP/2 GOAWAY). */
  public static final String REVOKED = "revoked";

  /** By how much a certificate begins before it is made: clocks of sites are wrong. */
  public static final Duration BEGINS_BEFORE_IT_IS_MADE = Duration.ofHours(1);

  private static final String SITE = "spillway:site:";
  private static final int URI = 6;

  private LinkNames() {}

  /** An agent of this site. */
  public static String ofSite(SiteId site) {
    return SITE + site.value();
  }

  /** Whether it is the hub's. */
  public static boolean isHub(X509Certificate certificate) {
    return HUB.equals(name(certificate));
  }

  /** The site it is of; null if it is no site's. */
  public static @Nullable SiteId site(X509Certificate certificate) {
    String name = name(certificate);
    try {
      return name != null && name.startsWith(SITE)
          ? new SiteId(name.substring(SITE.length()))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What an agent is known by, whatever its certificate: the SHA-256 of its public key. */
  public static String keyId(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static @Nullable String name(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      if (names == null || names.size() != 1) {
        return null;
      }
      List<?> only = names.iterator().next();
      return only.getFirst().equals(URI) ? (String) only.get(1) : null;
    } catch (CertificateParsingException e) {
      return null;
    }
  }
}
