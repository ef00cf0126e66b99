package dev.spillway.gateway;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLException;

/**
 * What the data port proves itself with: read from PEM files, and again when they change.
 *
 * <p>A connection keeps what it began with. Files that cannot be used leave the certificate in
 * force, whatever is wrong with them; so do files of which one was replaced and the other not yet.
 *
 * <p>One thread at a time looks at the files; any may ask what is in force.
 */
public final class ServerCertificate {
  private final Path certificate;
  private final Path key;
  private String seen;
  private volatile SslContext inForce;

  private ServerCertificate(Path certificate, Path key) throws UnusableCertificateException {
    this.certificate = certificate;
    this.key = key;
    PemFiles files = PemFiles.read(certificate, key);
    this.seen = files.fingerprint();
    this.inForce = context(files.identity());
  }

  /** What became of a look at the files. */
  public sealed interface Renewal {
    /** They are as they were at the last look. */
    record Unchanged() implements Renewal {}

    /** They are in force for new connections; {@code until} is when the certificate expires. */
    record InForce(Instant until) implements Renewal {}

    /** They cannot be used, for this reason, key first; what was in force still is. */
    record Refused(String why) implements Renewal {}
  }

  /**
   * Reads a certificate and its key; blocks.
   *
   * @param certificate the chain in PEM, the server's own first
   * @param key in PEM, PKCS#8
   * @throws UnusableCertificateException if they cannot be read, or do not belong together
   */
  public static ServerCertificate read(Path certificate, Path key)
      throws UnusableCertificateException {
    return new ServerCertificate(certificate, key);
  }

  /** Looks at the files, and tells of each content once what became of it; blocks. */
  public Renewal renew() {
    PemFiles files;
    try {
      files = PemFiles.read(certificate, key);
    } catch (UnusableCertificateException e) {
      String why = String.valueOf(e.getMessage());
      return isNew(why) ? new Renewal.Refused(why) : new Renewal.Unchanged();
    }
    return isNew(files.fingerprint()) ? putInForce(files) : new Renewal.Unchanged();
  }

  /** For connections that begin now. */
  SslContext inForce() {
    return inForce;
  }

  private boolean isNew(String found) {
    boolean isNew = !found.equals(seen);
    seen = found;
    return isNew;
  }

  private Renewal putInForce(PemFiles files) {
    try {
      PemFiles.Identity identity = files.identity();
      Instant until = identity.chain().getFirst().getNotAfter().toInstant();
      if (until.isBefore(Instant.now())) {
        return new Renewal.Refused(
            "listen.tls.certificate: " + certificate + " expired at " + until);
      }
      inForce = context(identity);
      return new Renewal.InForce(until);
    } catch (UnusableCertificateException e) {
      return new Renewal.Refused(String.valueOf(e.getMessage()));
    }
  }

  private static SslContext context(PemFiles.Identity identity)
      throws UnusableCertificateException {
    try {
      return SslContextBuilder.forServer(identity.key(), identity.chain())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException e) {
      throw new UnusableCertificateException("listen.tls", String.valueOf(e.getMessage()), e);
    }
  }
}
