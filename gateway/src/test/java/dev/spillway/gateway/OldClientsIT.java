package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/1.0, which know no chunks, and keep a connection only where both say so. */
class OldClientsIT {
  private static final String KEEP = "Connection: keep-alive";
  private static final String STREAM =
      Answers.FIRST + Answers.SECOND + Answers.FINISH + Answers.DONE;
  private static final String SAY =
      "{\"model\":\"gpt-4o\",\"input\":\"Hello\",\"voice\":\"alloy\",\"response_format\":\"mp3\"}";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", KEEP})
  void getAStreamThatEndsWithItsConnection(String connection) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO_STREAMED);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(chat(ASK_STREAMED, connection));

      assertEndsByClosing(client.receive());
      assertThat(client.receiveRest()).isEqualTo(STREAM);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void getEachPieceOfAStreamWhenItComes() throws Exception {
    Script halting =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(Answers.FIRST));
          Still.forAMoment();
        };
    try (ScriptedProvider provider = new ScriptedProvider(halting.thenReset());
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(chat(ASK_STREAMED));

      assertThat(client.receiveUntil("Hel")).doesNotContainIgnoringCase("transfer-encoding");
      assertThat(client.receiveRest()).contains("event: error").doesNotContain("[DONE]");
    }
  }

  @Test
  void areToldByAResetThatSoundBrokeOff() throws Exception {
    Script broken =
        Script.send(
                Answers.head(200, "Transfer-Encoding: chunked")
                        .replace("application/json", "audio/mpeg")
                    + Answers.chunks("ID3 sound"))
            .thenReset();
    try (ScriptedProvider provider = new ScriptedProvider(broken);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(old(Requests.post("POST /v1/audio/speech", SAY, AUTHORIZED)));

      assertThatThrownBy(client::receiveRest)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void askOnOnOneConnectionIfTheySaidSoAndAreToldSo() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO, Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      for (int i = 0; i < 2; i++) {
        client.send(chat(ASK, KEEP));

        ReceivedMessage answer = client.receive();
        assertThat(answer.header("connection")).isEqualTo("keep-alive");
        assertThat(answer.body()).isEqualTo(Answers.WHOLE);
      }
    }
  }

  @Test
  void getTheEndAfterAWholeAnswerIfTheySaidNothing() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(chat(ASK));

      ReceivedMessage answer = client.receive();
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).isEqualTo(Answers.WHOLE);
      assertThat(client.receiveOrClosed()).isNull();
    }
  }

  /** RFC 9112, 6.1: its framing is taken for faulty. */
  @Test
  void mayNotSendChunksEither() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      String head = Requests.head(CHAT, AUTHORIZED, KEEP, "Transfer-Encoding: chunked");
      client.send(old(head) + Answers.chunks(ASK) + Answers.LAST_CHUNK);

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("not well-framed");
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).isEmpty();
    }
  }

  private static void assertEndsByClosing(ReceivedMessage head) {
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("transfer-encoding")).isEmpty();
    assertThat(head.header("content-length")).isEmpty();
    assertThat(head.header("connection")).isEqualTo("close");
  }

  private static String chat(String body) {
    return chat(body, "");
  }

  private static String chat(String body, String header) {
    String headers = header.isEmpty() ? AUTHORIZED : AUTHORIZED + "\r\n" + header;
    return old(Requests.post(CHAT, body, headers));
  }

  private static String old(String request) {
    return request.replaceFirst("HTTP/1.1", "HTTP/1.0");
  }
}
