package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestRecord;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  static Stream<Script> ends() {
    String cutOff = "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n";
    return Stream.of(
        Answers.HELLO_STREAMED,
        Script.stream(Answers.FIRST, Answers.SECOND, Answers.FINISH),
        Script.stream(Answers.FIRST, Answers.SECOND, Answers.FINISH, cutOff),
        Script.send(BEGUN).thenClose(),
        Script.send(BEGUN).thenReset());
  }

  @ParameterizedTest
  @MethodSource("ends")
  void isToldToWhoAskedAndDoesNotCountForOthers(Script oneChoice) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(oneChoice);
        TestHub hub = TestHub.before(provider.port())) {
      for (int i = 0; i < ENOUGH_TO_OPEN; i++) {
        String answer = ask(hub, ASK_FOR_TWO);

        assertThat(answer)
            .contains("event: error", "fewer choices than were asked for")
            .doesNotContain("[DONE]");
        assertThat(kinds(hub.nextEnded())).containsExactly(Kind.FEWER_CHOICES);
      }

      assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.CLOSED);
      assertThat(ask(hub, ASK_STREAMED)).endsWith(Answers.DONE);
    }
  }

  @Test
  void isNoExcuseForAnswersThatBreakOff() throws Exception {
    String second = Answers.FIRST.replace("\"index\":0", "\"index\":1");
    Script broken =
        Script.send(Answers.streamHead() + Answers.chunks(Answers.FIRST, Answers.FINISH, second))
            .thenClose();
    try (ScriptedProvider provider = new ScriptedProvider(broken);
        TestHub hub = TestHub.before(provider.port())) {
      assertThat(ask(hub, ASK_FOR_TWO)).contains("event: error", "stream broken");

      assertThat(kinds(hub.nextEnded())).containsExactly(Kind.STREAM_BROKEN);
    }
  }

  @Test
  void sendsWhoWaitsForAllOfItElsewhere() throws Exception {
    String second = Answers.FIRST.replace("\"index\":0", "\"index\":1");
    String end = Answers.FINISH.replace("\"index\":0", "\"index\":1");
    Script two = Script.stream(Answers.FIRST, Answers.FINISH, second, end, Answers.DONE);
    try (ScriptedProvider home = new ScriptedProvider(Answers.HELLO_STREAMED);
        ScriptedProvider partner = new ScriptedProvider(two);
        TestHub hub =
            TestHub.start(HubPlan.before(home.port(), partner.port()).streamingUpstream())) {
      String answer = ask(hub, ASK_FOR_TWO.replace("\"stream\":true,", ""));

      assertThat(answer).contains("\"index\":0", "\"index\":1");
      assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.CLOSED);
    }
  }

  private static String ask(TestHub hub, String body) throws Exception {
    try (RawClient client = new RawClient(hub)) {
      return client.send(Requests.chat(body)).receive().body();
    }
  }

  private static List<Kind> kinds(RequestRecord record) {
    return record.failures().stream().map(failed -> failed.failure().kind()).toList();
  }
}
