package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HEAD is answered with a head, behind which the next answer begins; 405 says what is allowed. */
class HeadMethodIT {
  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(HELLO);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() throws Exception {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/models, 200",
    "/v1/models/gpt-4o, 200",
    "/v1/models/none, 404",
    "/v1/chat/completions, 405",
    "/v1/nothing, 404"
  })
  void sendsNoContentAndTakesTheNextRequest(String path, int status) throws IOException {
    try (RawClient client = new RawClient(hub)) {
      client.send(Requests.post("HEAD " + path, "", AUTHORIZED) + Requests.chat(ASK));

      String head = client.receiveUntil("\r\n\r\n").toLowerCase(Locale.ROOT);
      assertThat(head).startsWith("http/1.1 " + status).doesNotContain("content-length: 0\r\n");
      ReceivedMessage next = client.receive();
      assertThat(next.head()).startsWith("HTTP/1.1 200 ");
      assertThat(next.body()).isEqualTo(WHOLE);
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1/models, 200", "/v1/chat/completions, 405"})
  void sendsNoContentOverHttp2(String path, int status) throws IOException {
    try (Http2Client client = new Http2Client(hub)) {
      client.send(Requests.post("HEAD " + path, "", AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("content-length")).isNotEqualTo("0").isNotEmpty();
      assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
    }
  }

  @Test
  void saysTheLengthThatAGetWouldHave() throws IOException {
    try (RawClient client = new RawClient(hub)) {
      String length =
          client
              .send(Requests.post("GET /v1/models", "", AUTHORIZED))
              .receive()
              .header("content-length");

      client.send(Requests.post("HEAD /v1/models", "", AUTHORIZED));

      assertThat(client.receiveUntil("\r\n\r\n").toLowerCase(Locale.ROOT))
          .contains("content-length: " + length + "\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT /v1/chat/completions | POST",
        "POST /v1/models | GET, HEAD",
        "PUT /v1/responses/resp_1 | GET, DELETE"
      })
  void saysWhichMethodsAreAllowed(String asked, String allowed) throws IOException {
    try (RawClient client = new RawClient(hub)) {
      ReceivedMessage refused = client.send(Requests.post(asked, "", AUTHORIZED)).receive();

      assertThat(refused.status()).isEqualTo(405);
      assertThat(refused.header("allow")).isEqualTo(allowed);
    }
  }
}
