package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies so long that they are read beside the event loop. */
class LongBodiesIT {
  private static final int MOST = 2 << 20;

  /** Few tokens, in many bytes. */
  private static final String LONG =
      Requests.ASK.replaceFirst("}$", " ".repeat(MOST - Requests.ASK.length()) + "}");

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void answersLongRequestsOfOneConnectionOneAfterTheOther(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.small(MOST, 2 * MOST), provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(LONG));
      client.send(Requests.chat(Requests.ASK));

      assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
      assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
      assertThat(provider.requests())
          .map(each -> each.body().length())
          .contains(LONG.length(), Requests.ASK.length());
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesOneThatIsBrokenAtItsEnd(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.small(MOST, MOST), provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(LONG.substring(0, LONG.length() - 1)));

      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(client.send(Requests.chat(LONG)).receive().body()).isEqualTo(Answers.WHOLE);
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void hasItsMemoryAgainWhenClientsLeaveMeanwhile(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.small(MOST, MOST), provider.port())) {
      for (int i = 0; i < 10; i++) {
        try (TestClient client = protocol.connect(hub)) {
          client.send(Requests.chat(LONG));
        }
      }

      assertThat(answerOnceThereIsRoom(hub, protocol)).isEqualTo(Answers.WHOLE);
    }
  }

  /** An answer that is read beside the loop as well, and then one that is not. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesOnLongAnswers(Protocol protocol) throws Exception {
    String text = "long ".repeat(MOST / 5);
    String answer = Answers.WHOLE.replace("Hello", text);
    try (ScriptedProvider provider =
            new ScriptedProvider(Script.answer(200, answer), Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.small(MOST, MOST), provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(Requests.ASK));
      client.send(Requests.chat(Requests.ASK));

      assertThat(List.of(client.receive().body(), client.receive().body()))
          .containsExactlyInAnyOrder(answer, Answers.WHOLE);
    }
  }

  /** Who left is only seen to have left a moment later. */
  private static String answerOnceThereIsRoom(TestHub hub, Protocol protocol) throws IOException {
    String answer = "";
    for (int i = 0; i < 1_000 && !answer.equals(Answers.WHOLE); i++) {
      try (TestClient client = protocol.connect(hub)) {
        answer = client.send(Requests.chat(LONG)).receive().body();
      }
    }
    return answer;
  }
}
