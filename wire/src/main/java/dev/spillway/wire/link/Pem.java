package dev.spillway.wire.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Certificates, keys and requests as text (RFC 7468): one section a text. */
public final class Pem {
  private static final int LONGEST = 64 << 10;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final String PUBLIC_KEY = "PUBLIC KEY";
  private static final String REQUEST = "CERTIFICATE REQUEST";

  private Pem() {}

  /** A certificate as text. */
  public static String of(X509Certificate certificate) {
    try {
      return section(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
  }

  /** A private key as text, PKCS#8; a secret. */
  public static String of(PrivateKey key) {
    return section(PRIVATE_KEY, key.getEncoded());
  }

  /** A public key as text. */
  public static String of(PublicKey key) {
    return section(PUBLIC_KEY, key.getEncoded());
  }

  /** A certificate request (PKCS#10) as text. */
  public static String ofRequest(byte[] encoded) {
    return section(REQUEST, encoded);
  }

  /** Reads a certificate. */
  public static X509Certificate certificate(String text) throws MalformedMessage {
    byte[] der = content(CERTIFICATE, text);
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new MalformedMessage("not a certificate", e);
    }
  }

  /** Reads a private key of this algorithm, such as {@code EC}. */
  public static PrivateKey privateKey(String algorithm, String text) throws MalformedMessage {
    byte[] der = content(PRIVATE_KEY, text);
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new MalformedMessage("not a private key for " + algorithm, e);
    }
  }

  /** Reads a public key of this algorithm, such as {@code Ed25519}. */
  public static PublicKey publicKey(String algorithm, String text) throws MalformedMessage {
    byte[] der = content(PUBLIC_KEY, text);
    try {
      return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new MalformedMessage("not a public key for " + algorithm, e);
    }
  }

  /** Reads the bytes of a certificate request; what they say is for others to judge. */
  public static byte[] request(String text) throws MalformedMessage {
    return content(REQUEST, text);
  }

  private static String section(String label, byte[] der) {
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  private static byte[] content(String label, String text) throws MalformedMessage {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (text.length() > LONGEST || from < 0 || to < from) {
      throw new MalformedMessage("no PEM section " + label + " of at most 64 KiB");
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage("a PEM section " + label + " that is not base64", e);
    }
  }
}
