package dev.spillway.gateway;

import dev.spillway.testkit.Keytool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** One that signs the certificates of providers; made for the tests of a class. */
final class Authority {
  /** Its certificates are out of date by a day. */
  static final String EXPIRED = "-2d";

  /** They are in date. */
  static final String IN_DATE = "-0d";

  /** Where the hub of a test finds its providers. */
  static final String THIS_HOST = "localhost";

  private static final String PASSWORD = "of the test only";
  private static final String OWN = "authority";

  private final Path store;
  private final UpstreamTls trusting;
  private final SSLContext server;
  private int made;

  private Authority(Path store) throws IOException, InterruptedException, GeneralSecurityException {
    this.store = store;
    this.trusting = trusting(store);
    this.server = server(THIS_HOST, IN_DATE);
  }

  /** Makes one that keeps its key in a new file of this folder. */
  static Authority make(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = Files.createTempDirectory(folder, OWN).resolve("made.p12");
    Keytool.makePair(store, PASSWORD, OWN, "-dname", "CN=Authority", "-ext", "bc:c");
    return new Authority(store);
  }

  /** How the hub speaks TLS if it trusts this one alone. */
  UpstreamTls trusting() {
    return trusting;
  }

  /** How a provider speaks TLS with whose certificate nothing is wrong; any version of Java's. */
  SSLContext server() {
    return server;
  }

  /** How a server speaks TLS whose certificate this one signs; any version that Java speaks. */
  SSLContext server(String host, String since)
      throws IOException, InterruptedException, GeneralSecurityException {
    return server(host, since, "TLS");
  }

  /** The same, up to this version. */
  SSLContext server(String host, String since, String version)
      throws IOException, InterruptedException, GeneralSecurityException {
    String alias = "server-" + ++made;
    Keytool.makePair(
        store,
        PASSWORD,
        alias,
        "-signer",
        OWN,
        "-dname",
        "CN=" + host,
        "-ext",
        "san=dns:" + host,
        "-startdate",
        since,
        "-validity",
        "1");
    KeyStore only = empty();
    KeyStore all = read(store);
    only.setKeyEntry(
        alias,
        all.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(only, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance(version);
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static UpstreamTls trusting(Path store) throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry(OWN, read(store).getCertificate(OWN));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return new UpstreamTls(trust);
  }

  private static KeyStore read(Path store) throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
    empty.load(null, null);
    return empty;
  }
}
