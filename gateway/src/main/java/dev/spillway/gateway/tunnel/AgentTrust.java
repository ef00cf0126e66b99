package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.LinkNames;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

/** Knows agents by certificates that the hub's authority signed for them. */
final class AgentTrust extends X509ExtendedTrustManager {
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

  private final X509Certificate authority;

  AgentTrust(X509Certificate authority) {
    this.authority = authority;
  }

  /** Who is at the other end. */
  record Agent(SiteId site, String keyId) {}

  /**
   * The agent of a session; its certificate is looked at again, since TLS does not when it resumes
   * a session. That it was signed stays true.
   *
   * @param session of a context of which this is the only trust
   * @throws CertificateException if there is none, or it is not good any more
   */
  Agent agentOf(SSLSession session) throws CertificateException {
    try {
      X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
      return new Agent(siteOf(certificate), LinkNames.keyId(certificate.getPublicKey()));
    } catch (SSLPeerUnverifiedException e) {
      throw new CertificateException("no certificate (expected: join first)", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("the hub dials no agent");
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
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority};
  }

  private void check(X509Certificate certificate) throws CertificateException {
    try {
      certificate.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("not signed by this hub's authority", e);
    }
    siteOf(certificate);
  }

  private static SiteId siteOf(X509Certificate certificate) throws CertificateException {
    certificate.checkValidity();
    SiteId site = LinkNames.site(certificate);
    List<String> purposes = certificate.getExtendedKeyUsage();
    if (site == null || purposes == null || !purposes.contains(CLIENT)) {
      throw new CertificateException("not an agent's certificate");
    }
    return site;
  }
}
