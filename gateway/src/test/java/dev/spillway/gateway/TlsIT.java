package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.HELLO_STREAMED;
import static dev.spillway.gateway.Answers.SECOND;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.ServerCertificate.Renewal;
import dev.spillway.testkit.CertificateFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS towards clients, with a client that is not ours. */
class TlsIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Version.class)
  void speaksTheProtocolThatIsAgreedUpon(Version version) throws Exception {
    CertificateFiles files = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider(HELLO, HELLO_STREAMED);
        TestHub hub = hub(files, provider);
        HttpClient client = client(files, version)) {
      HttpResponse<String> whole = ask(client, hub, ASK);

      assertThat(whole.version()).isEqualTo(version);
      assertThat(whole.body()).isEqualTo(WHOLE);
      assertThat(ask(client, hub, ASK_STREAMED).body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
    }
  }

  @Test
  void takesANewCertificateForNewConnections() throws Exception {
    CertificateFiles first = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider(HELLO, HELLO);
        TestHub hub = hub(first, provider);
        HttpClient early = client(first, Version.HTTP_2)) {
      assertThat(ask(early, hub, ASK).statusCode()).isEqualTo(200);
      CertificateFiles second = CertificateFiles.make(folder);

      assertThat(hub.gateway().renewCertificate())
          .isEqualTo(new Renewal.InForce(second.read().getNotAfter().toInstant()));

      assertThat(hub.gateway().renewCertificate()).isEqualTo(new Renewal.Unchanged());
      try (HttpClient late = client(second, Version.HTTP_2)) {
        assertThat(ask(late, hub, ASK).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void keepsTheCertificateInForceWhenTheNewFilesCannotBeUsed() throws Exception {
    CertificateFiles files = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = hub(files, provider);
        HttpClient client = client(files, Version.HTTP_2)) {
      Files.writeString(files.key(), "no key");

      Renewal renewal = hub.gateway().renewCertificate();

      assertThat(renewal).isInstanceOf(Renewal.Refused.class);
      assertThat(renewal.toString())
          .contains("listen.tls.key: ", "hub.key")
          .doesNotContain("no key");
      assertThat(ask(client, hub, ASK).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void keepsTheCertificateInForceWhenTheNewOneExpired() throws Exception {
    CertificateFiles files = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = hub(files, provider);
        HttpClient client = client(files, Version.HTTP_2)) {
      CertificateFiles.makeExpired(folder);

      Renewal renewal = hub.gateway().renewCertificate();

      assertThat(renewal.toString()).contains("Refused", "hub.crt expired at ");
      assertThat(ask(client, hub, ASK).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void takesNoChainThatIsWrittenInPart() throws Exception {
    CertificateFiles files = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider();
        TestHub hub = hub(files, provider)) {
      CertificateFiles.make(folder);
      String own = Files.readString(files.certificate());
      Files.writeString(files.certificate(), own + own.substring(0, own.length() / 2));

      Renewal renewal = hub.gateway().renewCertificate();

      assertThat(renewal.toString()).contains("Refused", "hub.crt ends within a certificate");
    }
  }

  @Test
  void saysOfAKeyThatIsWrittenInPartWhatIsMissing() throws Exception {
    CertificateFiles files = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider();
        TestHub hub = hub(files, provider)) {
      String key = Files.readString(files.key());
      Files.writeString(files.key(), key.substring(0, key.length() / 2));

      Renewal renewal = hub.gateway().renewCertificate();

      assertThat(renewal.toString()).contains("hub.key holds a PRIVATE KEY without its end");
    }
  }

  @Test
  void isNotTrustedWithoutItsCertificate() throws Exception {
    CertificateFiles files = CertificateFiles.make(folder);
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = hub(files, provider);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> ask(client, hub, ASK)).isInstanceOf(SSLHandshakeException.class);
      assertThat(provider.requests()).isEmpty();
    }
  }

  private static TestHub hub(CertificateFiles files, ScriptedProvider provider)
      throws IOException, InterruptedException {
    GatewayConfig.Tls tls = new GatewayConfig.Tls(files.certificate(), files.key());
    return TestHub.with(TestHub.secured(tls), provider.port());
  }

  private static HttpClient client(CertificateFiles trusted, Version version) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted.trust());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(version).sslContext(context).build();
  }

  private static HttpResponse<String> ask(HttpClient client, TestHub hub, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("https://localhost:" + hub.port() + "/v1/chat/completions"))
            .header("api-key", Requests.KEY)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
