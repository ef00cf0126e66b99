package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.testkit.json.JsonTree;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers that send one choice, whatever {@code n} says. */
class IgnoredChoicesIT {
  private static final int ENOUGH_TO_OPEN = 20;
  private static final String ASK_FOR_TWO =
      ASK_STREAMED.replace("{\"model\"", "{\"n\":2,\"model\"");
  private static final String BEGUN =
      Answers.streamHead() + Answers.chunks(Answers.FIRST, Answers.SECOND, Answers.FINISH);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  static Stream<Arguments> ends() {
    String cutOff = "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n";
    return Stream.of(Protocol.values())
        .flatMap(protocol ->
            Stream.of(
                    Answers.HELLO_STREAMED,
                    Script.stream(Answers.FIRST, Answers.SECOND, Answers.FINISH),
                    Script.stream(Answers.FIRST, Answers.SECOND, Answers.FINISH, cutOff),
                    Script.send(BEGUN).thenClose(),
                    Script.send(BEGUN).thenReset())
                .map(end -> Arguments.of(protocol, end)));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void isToldToWhoAskedAndDoesNotCountForOthers(Protocol protocol, Script oneChoice)
      throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(oneChoice);
        TestHub hub = TestHub.before(provider.port())) {
      for (int i = 0; i < ENOUGH_TO_OPEN; i++) {
        StreamRead answer = StreamRead.of(ask(protocol, hub, ASK_FOR_TWO));

        assertThat(AnswerRead.of(answer).choices()).containsExactly(Map.entry(0L, hello("Hello")));
        assertThat(answer.errors()).hasSize(1);
        assertThat(answer.errors().getFirst().at("error", "message").text())
            .contains("fewer choices than were asked for");
        assertThat(answer.dones()).isZero();
        assertThat(kinds(hub.nextEnded())).containsExactly(Kind.FEWER_CHOICES);
      }

      assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.CLOSED);
      assertThat(ask(protocol, hub, ASK_STREAMED)).endsWith(Answers.DONE);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void isNoExcuseForAnswersThatBreakOff(Protocol protocol) throws Exception {
    String second = Answers.FIRST.replace("\"index\":0", "\"index\":1");
    Script broken =
        Script.send(Answers.streamHead() + Answers.chunks(Answers.FIRST, Answers.FINISH, second))
            .thenClose();
    try (ScriptedProvider provider = new ScriptedProvider(broken);
        TestHub hub = TestHub.before(provider.port())) {
      assertThat(ask(protocol, hub, ASK_FOR_TWO))
          .startsWith(Answers.FIRST + Answers.FINISH + second)
          .contains("event: error", "stream broken");

      assertThat(kinds(hub.nextEnded())).containsExactly(Kind.STREAM_BROKEN);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void sendsWhoWaitsForAllOfItElsewhere(Protocol protocol) throws Exception {
    String second = Answers.FIRST.replace("\"index\":0", "\"index\":1");
    String end = Answers.FINISH.replace("\"index\":0", "\"index\":1");
    Script two = Script.stream(Answers.FIRST, Answers.FINISH, second, end, Answers.DONE);
    try (ScriptedProvider home = new ScriptedProvider(Answers.HELLO_STREAMED);
        ScriptedProvider partner = new ScriptedProvider(two);
        TestHub hub =
            TestHub.start(HubPlan.before(home.port(), partner.port()).streamingUpstream())) {
      String answer = ask(protocol, hub, ASK_FOR_TWO.replace("\"stream\":true,", ""));

      assertThat(AnswerRead.of(JsonTree.read(answer)).choices())
          .containsExactly(Map.entry(0L, hello("Hel")), Map.entry(1L, hello("Hel")));
      assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.CLOSED);
    }
  }

  private static AnswerRead.Choice hello(String text) {
    return new AnswerRead.Choice("assistant", text, "", List.of(), "", "stop");
  }

  private static String ask(Protocol protocol, TestHub hub, String body) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      return client.send(Requests.chat(body)).receive().body();
    }
  }

  private static List<Kind> kinds(RequestRecord record) {
    return record.failures().stream().map(failed -> failed.failure().kind()).toList();
  }
}
