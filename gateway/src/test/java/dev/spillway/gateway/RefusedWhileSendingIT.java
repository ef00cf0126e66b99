package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that send on behind what they are refused for: they read why, to its end, and then that
 * the hub has closed. To close while bytes arrive is a reset, by which many lose the answer.
 */
class RefusedWhileSendingIT {
  private static final String MORE = "a".repeat(64 << 10);
  private static final int PIECES = 16;

  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() throws Exception {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  /** How a request begins that cannot be read on, and what it is answered. */
  enum Begun {
    LONG_HEAD(431, Requests.head(CHAT, AUTHORIZED).stripTrailing() + "\r\nx-big: " + MORE + MORE),
    MANY_LINES(431, Requests.head(CHAT, AUTHORIZED).stripTrailing() + "\r\na:".repeat(1_000)),
    BAD_CHUNK(400, Requests.head(CHAT, AUTHORIZED, "Transfer-Encoding: chunked") + "zz\r\n"),
    TWO_HOSTS(400, Requests.head(CHAT, AUTHORIZED, "Host: other", "Content-Length: 99999999")),
    ANOTHER_BEHIND_IT(400, Requests.post(CHAT, ASK, "Host: other") + Requests.chat(ASK));

    private final int status;
    private final String bytes;

    Begun(int status, String bytes) {
      this.status = status;
      this.bytes = bytes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void readTheAnswerAndItsEnd(Begun request) throws Exception {
    try (RawClient client = new RawClient(hub)) {
      client.send(request.bytes);
      Until.holds("an answer", client::hasAnswer);
      for (int i = 0; i < PIECES; i++) {
        client.send(MORE);
      }

      ReceivedMessage refusal = client.receive();
      assertThat(refusal.status()).isEqualTo(request.status);
      assertThat(refusal.whole()).isTrue();
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void readItThoughTheyEndTheirSide(Begun request) throws Exception {
    try (RawClient client = new RawClient(hub)) {
      client.send(request.bytes).endSending();

      assertThat(client.receive().status()).isEqualTo(request.status);
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).isEmpty();
    }
  }
}
