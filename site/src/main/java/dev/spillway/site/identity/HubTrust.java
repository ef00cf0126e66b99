package dev.spillway.site.identity;

import dev.spillway.wire.link.JoinToken;
import dev.spillway.wire.link.LinkNames;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Knows the hub: by the authority's fingerprint before the first contact, by the authority itself
 * ever after. Names and addresses do not count, so that hubs may move.
 */
public final class HubTrust extends X509ExtendedTrustManager {
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";

  private final AuthorityCheck authority;
  private final InstantSource clock;

  private HubTrust(AuthorityCheck authority, InstantSource clock) {
    this.authority = authority;
    this.clock = clock;
  }

  /** As a token describes it. */
  static HubTrust by(JoinToken token, InstantSource clock) {
    return new HubTrust(token::isOf, clock);
  }

  /** As known since the first contact. */
  public static HubTrust by(X509Certificate authority, InstantSource clock) {
    return new HubTrust(encoded -> MessageDigest.isEqual(encoded, authority.getEncoded()), clock);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (chain.length != 2 || !authority.isIt(chain[1].getEncoded())) {
      throw new CertificateException(
          "not the hub that this agent joins or joined: its authority is another"
              + " (expected: the hub's own port for links, reached without a TLS proxy)");
    }
    try {
      chain[0].verify(chain[1].getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the hub's certificate is not signed by its authority", e);
    }
    chain[0].checkValidity(Date.from(clock.instant()));
    List<String> purposes = chain[0].getExtendedKeyUsage();
    if (!LinkNames.isHub(chain[0]) || purposes == null || !purposes.contains(SERVER)) {
      throw new CertificateException("signed by the hub's authority, but not for a hub");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("an agent serves no clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private interface AuthorityCheck {
    boolean isIt(byte[] encoded) throws CertificateEncodingException;
  }
}
