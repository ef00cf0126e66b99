package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come compressed, or say so: the hub reads none, and says that. */
@ParameterizedClass
@EnumSource(Protocol.class)
class CodedBodyIT {
  private final Protocol protocol;
  private ScriptedProvider provider;
  private TestHub hub;

  CodedBodyIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "identity, gzip", "identity\r\nContent-Encoding: gzip"})
  void areRefusedByTheNameOfTheirCoding(String coding) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.post(CHAT, "packed", AUTHORIZED, "Content-Encoding: " + coding));

      ReceivedMessage refusal = client.receive();
      assertThat(refusal.status()).isEqualTo(415);
      assertThat(refusal.body()).contains("'gzip'", "as it is", "unsupported_media_type");
      assertThat(refusal.header("accept-encoding")).isEqualTo("identity");
      assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void areRefusedInTheWordsOfTheClientsApi() throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/messages", "packed", AUTHORIZED, "Content-Encoding: br"));

      assertThat(client.receive().body()).startsWith("{\"type\":\"error\"").contains("'br'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "IDENTITY", ""})
  void areReadIfTheyAreNotCoded(String coding) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.post(CHAT, ASK, AUTHORIZED, "Content-Encoding: " + coding));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("accept-encoding")).isEmpty();
    }
  }
}
