package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts read aloud: sound passes as it comes, and only its framing says that it is whole. */
class SpeechIT {
  private static final String SAY =
      "{\"model\":\"gpt-4o\",\"input\":\"Hello\",\"voice\":\"alloy\",\"response_format\":\"mp3\"}";

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesSoundAsItComes(Protocol protocol) throws Exception {
    try (ScriptedProvider provider =
            new ScriptedProvider(
                sound("ID3 one").andThen(Answers.chunks(" two") + Answers.LAST_CHUNK));
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/audio/speech", SAY, AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(answer.body()).isEqualTo("ID3 one two");
      assertThat(answer.whole()).isTrue();
      assertThat(answer.header("content-type")).isEqualTo("audio/mpeg");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void leavesSoundThatBreaksOffWithoutAnEnd(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(sound("ID3 one").thenClose());
        TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.post("POST /v1/audio/speech", SAY, AUTHORIZED));

      ReceivedMessage answer = client.receive();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ID3 one");
      assertThat(answer.whole()).as("whether it looks whole").isFalse();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
    }
  }

  @Test
  void holdsTheProviderBackWhileTheClientTakesNoSound() throws Exception {
    int pieces = 2_000;
    String piece = Answers.chunks("x".repeat(16_000));
    AtomicLong sent = new AtomicLong();
    Script script =
        connection -> {
          connection.holdLittle();
          sound("ID3").play(connection);
          for (int i = 0; i < pieces; i++) {
            connection.send(piece);
            sent.addAndGet(piece.length());
          }
          connection.send(Answers.LAST_CHUNK);
        };
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = Http2Client.miserly(hub, 50_000)) {
      client.send(Requests.post("POST /v1/audio/speech", SAY, AUTHORIZED)).receiveUntil("ID3");

      assertThat(Still.of(sent)).isLessThan(HeldBack.MOST_BYTES);
      client.grant(1 << 30);

      assertThat(client.receiveRest()).hasSize(pieces * 16_000);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void takesNoSoundWithoutAnEndNorAnythingElseForSound(Protocol protocol) throws Exception {
    String unframed = "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\nID3";
    for (Script script :
        List.of(
            Script.send(unframed).thenClose(),
            Script.answer("text/html", "<html>"),
            Script.answer("audio/mpeg", ""),
            Script.answer(200, "{\"error\":{\"message\":\"m\"}}"))) {
      try (ScriptedProvider broken = new ScriptedProvider(script);
          ScriptedProvider good = new ScriptedProvider(Script.answer("audio/mpeg", "ID3 good"));
          TestHub hub = TestHub.before(broken.port(), good.port());
          TestClient client = protocol.connect(hub)) {
        client.send(Requests.post("POST /v1/audio/speech", SAY, AUTHORIZED));

        assertThat(client.receive().body()).isEqualTo("ID3 good");
      }
    }
  }

  private static Script sound(String first) {
    return Script.send(
        "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Answers.chunks(first));
  }
}
