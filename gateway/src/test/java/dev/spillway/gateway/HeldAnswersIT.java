package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.BreakerState;
import io.netty.util.LeakPresenceDetector;
import java.util.Collections;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that are held until all of them came have one memory, and are refused beyond it. */
class HeldAnswersIT {
  private static final int MEMORY_BYTES = 128 << 10;
  private static final String TEXT = "x".repeat(1_000);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesAWholeAnswerThatThereIsNoMemoryForAndServesTheNext(Protocol protocol)
      throws Exception {
    refusesAndServesTheNext(protocol, Script.answer(200, whole(200)), UnaryOperator.identity());
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesAStreamThatIsToBeFoldedAndServesTheNext(Protocol protocol) throws Exception {
    refusesAndServesTheNext(protocol, stream(200), HubPlan::streamingUpstream);
  }

  @Test
  void relaysAStreamOfAnyLength() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(stream(500));
        TestHub hub = TestHub.start(HubPlan.before(provider.port()).holding(0));
        RawClient client = new RawClient(hub)) {
      assertThat(client.send(Requests.chat(ASK_STREAMED)).receive().body()).endsWith(DONE);
    }
  }

  @Test
  void holdsAnAnswerUntilItsClientHasIt() throws Exception {
    String whole = whole(60);
    try (ScriptedProvider provider = new ScriptedProvider(Script.answer(200, whole));
        TestHub hub = hub(provider, UnaryOperator.identity());
        Http2Client slow = Http2Client.miserly(hub, 1_000)) {
      slow.send(Requests.chat(ASK));
      hub.nextEnded();
      assertThat(hub.gateway().answers().takenBytes()).isGreaterThan(40_000);

      slow.grant(1 << 20);

      assertThat(slow.receive().body()).isEqualTo(whole);
      Until.holds("all is given back", () -> hub.gateway().answers().takenBytes() == 0);
    }
  }

  private static void refusesAndServesTheNext(
      Protocol protocol, Script tooLong, UnaryOperator<HubPlan> how) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(tooLong, HELLO);
        TestHub hub = hub(provider, how);
        TestClient client = protocol.connect(hub)) {
      ReceivedMessage refused = client.send(Requests.chat(ASK)).receive();

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.body())
          .contains("no memory left", "ask for a stream")
          .doesNotContain(TEXT);
      assertThat(provider.requests()).hasSize(1);
      assertThat(hub.status(0).breaker()).isEqualTo(BreakerState.CLOSED);
      Until.holds("all is given back", () -> hub.gateway().answers().takenBytes() == 0);
      assertThat(hub.gateway().answers().refused()).isEqualTo(1);
      assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);
    }
  }

  private static TestHub hub(ScriptedProvider provider, UnaryOperator<HubPlan> how)
      throws Exception {
    return TestHub.start(how.apply(HubPlan.before(provider.port()).holding(MEMORY_BYTES)));
  }

  /** With so many times the text, each in an event. */
  private static Script stream(int times) {
    String[] events =
        Collections.nCopies(times, Answers.event("{\"content\":\"" + TEXT + "\"}", "null"))
            .toArray(String[]::new);
    return Script.send(
        Answers.streamHead()
            + Answers.chunks(FIRST)
            + Answers.chunks(events)
            + Answers.chunks(FINISH, DONE)
            + Answers.LAST_CHUNK);
  }

  /** With so many times the text. */
  private static String whole(int times) {
    return WHOLE.replace("Hello", TEXT.repeat(times));
  }
}
