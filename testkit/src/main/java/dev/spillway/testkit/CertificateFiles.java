package dev.spillway.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** A certificate for this machine and its key, made anew by the JDK's keytool, in PEM files. */
public record CertificateFiles(Path certificate, Path key) {
  private static final String PASSWORD = "of the test only";

  /** Makes a pair in the folder, in place of the one that was there. */
  public static CertificateFiles make(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    return make(folder, "-0d");
  }

  /** The same, but its one day was two days ago. */
  public static CertificateFiles makeExpired(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    return make(folder, "-2d");
  }

  private static CertificateFiles make(Path folder, String start)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("made.p12");
    Files.deleteIfExists(store);
    Keytool.makePair(
        store,
        PASSWORD,
        "hub",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-startdate",
        start,
        "-validity",
        "1");
    KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    CertificateFiles files =
        new CertificateFiles(folder.resolve("hub.crt"), folder.resolve("hub.key"));
    Key key = made.getKey("hub", PASSWORD.toCharArray());
    write(files.key(), "PRIVATE KEY", key.getEncoded());
    write(files.certificate(), "CERTIFICATE", made.getCertificate("hub").getEncoded());
    return files;
  }

  /** Only the certificate in the files is trusted. */
  public KeyStore trust() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("hub", read());
    return trusted;
  }

  /** The certificate that is in the file now. */
  public X509Certificate read() throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(certificate)) {
      Certificate read =
          java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in);
      return (X509Certificate) read;
    }
  }

  private static void write(Path file, String what, byte[] content) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
  }
}
