package dev.spillway.site.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkProblemTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Received fatal alert: certificate_unknown",
        "(certificate_unknown) Received fatal alert: certificate_unknown",
        "Received fatal alert: bad_certificate",
        "Received fatal alert: certificate_expired",
        "Received fatal alert: unknown_ca",
      })
  void saysThatTheHubDoesNotTakeOurCertificate(String alert) {
    assertThat(LinkProblem.words(new IllegalStateException(new SSLHandshakeException(alert))))
        .contains("does not take this agent's certificate", "expected: join");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Received fatal alert: handshake_failure", "Received fatal alert: close"})
  void leavesOtherAlertsAsTheyAre(String alert) {
    assertThat(LinkProblem.words(new SSLHandshakeException(alert))).isEqualTo(alert);
  }

  @Test
  void saysTheFirstCause() {
    SSLHandshakeException failure = new SSLHandshakeException("General SSLEngine problem");
    failure.initCause(new CertificateException("not the hub that this agent joins or joined"));

    assertThat(LinkProblem.words(failure)).startsWith("not the hub");
  }

  @Test
  void saysSomethingWhereNothingWasSaid() {
    assertThat(LinkProblem.words(null)).isEqualTo("could not be reached");
    assertThat(LinkProblem.words(new ConnectException())).isEqualTo("ConnectException");
  }
}
