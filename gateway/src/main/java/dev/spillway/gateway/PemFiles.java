package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its key as they stand in two files; nothing here says what is in the key.
 */
final class PemFiles {
  private static final String CERTIFICATE = "listen.tls.certificate";
  private static final String KEY = "listen.tls.key";
  private static final int MOST_BYTES = 1 << 20;
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN [A-Z0-9 ]*CERTIFICATE");
  private static final Pattern ANY = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

  private final Path certificate;
  private final Path key;
  private final byte[] certificateBytes;
  private final byte[] keyBytes;

  private PemFiles(Path certificate, Path key) throws UnusableCertificateException {
    this.certificate = certificate;
    this.key = key;
    this.certificateBytes = bytes(CERTIFICATE, certificate);
    this.keyBytes = bytes(KEY, key);
  }

  /** What they say; the chain begins with the server's own. */
  record Identity(List<X509Certificate> chain, PrivateKey key) {
    Identity {
      chain = List.copyOf(chain);
    }
  }

  static PemFiles read(Path certificate, Path key) throws UnusableCertificateException {
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
  Identity identity() throws UnusableCertificateException {
    List<X509Certificate> chain = chain();
    PublicKey proven = chain.getFirst().getPublicKey();
    PrivateKey own = key(proven.getAlgorithm());
    if (!belongTogether(own, proven)) {
      throw unusable(KEY, key + " is not the key of " + certificate, null);
    }
    return new Identity(chain, own);
  }

  private List<X509Certificate> chain() throws UnusableCertificateException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificateBytes))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw unusable(CERTIFICATE, certificate + " holds no certificate", null);
      }
      if (chain.size() < begun()) {
        throw unusable(CERTIFICATE, certificate + " ends within a certificate", null);
      }
      return chain;
    } catch (GeneralSecurityException e) {
      throw unusable(CERTIFICATE, certificate + " is not a chain of certificates in PEM", e);
    }
  }

  /** Java passes over the last of several that was not written to its end. */
  private long begun() {
    return BEGIN.matcher(new String(certificateBytes, ISO_8859_1)).results().count();
  }

  private PrivateKey key(String algorithm) throws UnusableCertificateException {
    String text = new String(keyBytes, ISO_8859_1);
    Matcher found = PRIVATE_KEY.matcher(text);
    if (!found.find()) {
      String held = held(text);
      throw unusable(
          KEY, key + " holds " + held + " (expected: PRIVATE KEY, PKCS#8, not encrypted)", null);
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(
          KEY, key + " is not the " + algorithm + " key that " + certificate + " needs", e);
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
  private static boolean belongTogether(PrivateKey key, PublicKey proven)
      throws UnusableCertificateException {
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
      throw unusable(KEY, "cannot sign with a key for " + proven.getAlgorithm(), e);
    }
  }

  private static byte[] bytes(String key, Path file) throws UnusableCertificateException {
    byte[] read = beginning(key, file);
    if (read.length > MOST_BYTES) {
      throw unusable(key, file + " is larger than 1 MiB (expected: PEM, of some KiB)", null);
    }
    return read;
  }

  /** No more than shows that it is too large: the watcher has other work. */
  private static byte[] beginning(String key, Path file) throws UnusableCertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw unusable(key, "cannot read " + file + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static UnusableCertificateException unusable(
      String key, String found, @Nullable Throwable cause) {
    return new UnusableCertificateException(key, found, cause);
  }
}
