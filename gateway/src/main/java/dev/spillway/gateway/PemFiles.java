package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate chain and its key as they stand in two files; nothing here says what is in the key.
 */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN [A-Z0-9 ]*CERTIFICATE");
  private static final Pattern ANY = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

  private final Path certificate;
  private final Path key;
  private final byte[] certificateBytes;
  private final byte[] keyBytes;

  private PemFiles(Path certificate, Path key) throws IOException {
    this.certificate = certificate;
    this.key = key;
    this.certificateBytes = bytes("tls.certificate", certificate);
    this.keyBytes = bytes("tls.key", key);
  }

  /** What they say; the chain begins with the server's own. */
  record Identity(List<X509Certificate> chain, PrivateKey key) {
    Identity {
      chain = List.copyOf(chain);
    }
  }

  static PemFiles read(Path certificate, Path key) throws IOException {
    return new PemFiles(certificate, key);
  }

  /** The same for the same content only. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(digest.digest(certificateBytes));
      return HexFormat.of().formatHex(digest.digest(keyBytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Parses them, and tries the key on the certificate. */
  Identity identity() throws IOException {
    List<X509Certificate> chain = chain();
    PublicKey proven = chain.getFirst().getPublicKey();
    PrivateKey own = key(proven.getAlgorithm());
    if (!belongTogether(own, proven)) {
      throw new IOException("tls.key: " + key + " is not the key of " + certificate);
    }
    return new Identity(chain, own);
  }

  private List<X509Certificate> chain() throws IOException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificateBytes))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new IOException("tls.certificate: " + certificate + " holds no certificate");
      }
      if (chain.size() < begun()) {
        throw new IOException("tls.certificate: " + certificate + " ends within a certificate");
      }
      return chain;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "tls.certificate: " + certificate + " is not a chain of certificates in PEM", e);
    }
  }

  /** Java passes over the last of several that was not written to its end. */
  private long begun() {
    return BEGIN.matcher(new String(certificateBytes, ISO_8859_1)).results().count();
  }

  private PrivateKey key(String algorithm) throws IOException {
    String text = new String(keyBytes, ISO_8859_1);
    Matcher found = KEY.matcher(text);
    if (!found.find()) {
      String held = held(text);
      throw new IOException(
          "tls.key: " + key + " holds " + held + " (expected: PRIVATE KEY, PKCS#8, not encrypted)");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "tls.key: " + key + " is not the " + algorithm + " key that " + certificate + " needs",
          e);
    }
  }

  private static String held(String text) {
    Matcher other = ANY.matcher(text);
    if (!other.find()) {
      return "no PEM";
    }
    return other.group(1).equals("PRIVATE KEY") ? "a PRIVATE KEY without its end" : other.group(1);
  }

  /** Whether what one signs the other takes for genuine. */
  private static boolean belongTogether(PrivateKey key, PublicKey proven) throws IOException {
    String algorithm =
        switch (proven.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> proven.getAlgorithm();
        };
    try {
      byte[] challenge = {1, 2, 3, 4};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(challenge);
      byte[] signed = signature.sign();
      signature.initVerify(proven);
      signature.update(challenge);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new IOException("tls: cannot sign with a key for " + proven.getAlgorithm(), e);
    }
  }

  private static byte[] bytes(String name, Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException(
          name + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
