package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.RequestLog;
import dev.spillway.testkit.CertificateFiles;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of the data port changes under a running hub; nobody tells it. */
class CertificateWatchIT {
  private static final int NOBODY = 9;

  @TempDir private Path folder = Path.of("");
  private final RequestLog log = new RequestLog(OutputStream.nullOutputStream(), 1);
  private CertificateFiles first;
  private Hub hub;
  private ConfigWatch watch;

  @BeforeEach
  void start() throws Exception {
    first = CertificateFiles.make(folder);
    Files.writeString(folder.resolve("key"), "sk-first");
    String config = HubYaml.ofSecured("hub.crt", "hub.key", NOBODY, "{file: key}");
    Path file = folder.resolve("spillway.yaml");
    Files.writeString(file, config);
    hub = Hub.start(file, config.getBytes(UTF_8), log);
    watch = new ConfigWatch(hub, file, Duration.ofMillis(20));
  }

  @AfterEach
  void stop() {
    watch.close();
    hub.close();
    log.close();
  }

  @Test
  void provesItselfWithTheNewOneOnceItsFilesAreThere() throws Exception {
    KeyStore before = first.trust();
    X509Certificate old = first.read();
    assertThat(shownToOneWhoTrusts(before)).isEqualTo(old);

    CertificateFiles second = CertificateFiles.make(folder);

    KeyStore after = second.trust();
    Until.holds("the new one is trusted", () -> isTrustedBy(after));
    assertThat(shownToOneWhoTrusts(after)).isEqualTo(second.read()).isNotEqualTo(old);
    assertThat(isTrustedBy(before)).isFalse();
  }

  private boolean isTrustedBy(KeyStore trusted) throws Exception {
    try {
      shownToOneWhoTrusts(trusted);
      return true;
    } catch (SSLHandshakeException _) {
      return false;
    }
  }

  /** Of a handshake of its own: no session is gone on with. */
  private X509Certificate shownToOneWhoTrusts(KeyStore trusted) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(here, hub.dataPort())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }
}
