package dev.spillway.control.sites;

import dev.spillway.core.model.SiteId;
import dev.spillway.wire.link.LinkNames;
import dev.spillway.wire.link.MalformedMessage;
import dev.spillway.wire.link.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs for the hub and for agents, and for nobody else.
 *
 * <p>Who a certificate is for stands in its subject alternative name, a URI of {@link LinkNames}:
 * agents look for the hub's, the hub looks for a site's, so that neither can pass for the other and
 * addresses may change. Certificates begin an hour before they are made: clocks of sites are wrong.
 */
public final class Authority {
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final Duration OWN_LIFE = Duration.ofDays(3_650);
  private static final Duration HUB_LIFE = Duration.ofDays(397);
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random = new SecureRandom();
  private final PrivateKey key;
  private final X509Certificate certificate;

  private Authority(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * The hub's own, kept in its store; made when it is asked for first.
   *
   * @throws IOException if the store cannot be used
   */
  public static Authority of(SiteStore store, Instant now) throws IOException {
    return of(store.secret("authority.pem", () -> make(now)), "authority.pem of the store");
  }

  /**
   * From outside, in a file that its owner alone may use.
   *
   * @throws IOException if it cannot be read, others may use it, or as below
   */
  public static Authority in(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": cannot be read (expected: an authority, in PEM)");
    }
    FileSiteStore.requireOwnerOnly(file);
    return of(Files.readString(file), file.toString());
  }

  /**
   * From outside: certificate and key of an authority, one PEM text.
   *
   * @param where it came from, for errors
   * @throws IOException if it is no such text, or the certificate may not sign others
   */
  public static Authority of(String pem, String where) throws IOException {
    try {
      X509Certificate certificate = Pem.certificate(pem);
      if (certificate.getBasicConstraints() < 0) {
        throw new IOException(where + ": not an authority's certificate (expected: CA:TRUE)");
      }
      return new Authority(Pem.privateKey("EC", pem), certificate);
    } catch (MalformedMessage e) {
      throw new IOException(
          where + ": " + e.getMessage() + " (expected: a certificate and an EC key, PKCS#8)", e);
    }
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A new key for the hub and its certificate; the key is never written anywhere. */
  public HubIdentity hub(Instant now) {
    KeyPair pair = pair();
    X509Certificate signed =
        sign(pair.getPublic(), LinkNames.HUB, KeyPurposeId.id_kp_serverAuth, now, HUB_LIFE);
    return new HubIdentity(pair.getPrivate(), signed, certificate);
  }

  /** A certificate for an agent of a site. */
  X509Certificate agent(PublicKey agent, SiteId site, Instant now, Duration life) {
    return sign(agent, LinkNames.ofSite(site), KeyPurposeId.id_kp_clientAuth, now, life);
  }

  /** What the hub proves itself with; the key is a secret. */
  public record HubIdentity(
      PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    @Override
    public String toString() {
      return "***";
    }
  }

  private X509Certificate sign(
      PublicKey whose, String name, KeyPurposeId purpose, Instant now, Duration life) {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            serial(random),
            Date.from(now.minus(LinkNames.BEGINS_BEFORE_IT_IS_MADE)),
            Date.from(now.plus(life)),
            new X500Name("CN=Spillway link"),
            whose);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, name)));
    } catch (CertIOException e) {
      throw new IllegalStateException("an extension without an encoding", e);
    }
    return signed(builder, key);
  }

  private static String make(Instant now) {
    KeyPair pair = pair();
    X500Name self = new X500Name("CN=Spillway hub authority");
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            self,
            serial(new SecureRandom()),
            Date.from(now.minus(LinkNames.BEGINS_BEFORE_IT_IS_MADE)),
            Date.from(now.plus(OWN_LIFE)),
            self,
            pair.getPublic());
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } catch (CertIOException e) {
      throw new IllegalStateException("an extension without an encoding", e);
    }
    return Pem.of(signed(builder, pair.getPrivate())) + Pem.of(pair.getPrivate());
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the authority's key", e);
    }
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has EC keys on P-256", e);
    }
  }
}
