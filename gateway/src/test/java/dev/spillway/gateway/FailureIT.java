package dev.spillway.gateway;

import static dev.spillway.core.retry.AttemptFailure.Kind.STALLED;
import static dev.spillway.core.retry.AttemptFailure.Kind.STREAM_BROKEN;
import static dev.spillway.core.retry.AttemptFailure.Kind.UNREACHABLE;
import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.HELLO_STREAMED;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.SECOND;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a provider does: a whole answer, or a clear error; never half of one that looks whole.
 */
class FailureIT {
  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @MethodSource("dev.spillway.gateway.Broken#answersThatAreNone")
  void answersFromTheSecondWhenTheFirstGaveNoAnswer(Broken broken) throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(broken.script());
        ScriptedProvider second = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(first.port(), second.port());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK)).receive();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(WHOLE);
      assertRecord(hub.nextEnded(), Outcome.WHOLE, broken.kind());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.spillway.gateway.Broken#streamsThatNeverBegin")
  void streamsFromTheSecondWhenTheFirstSentNoContent(Broken broken) throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(broken.script());
        ScriptedProvider second = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.before(first.port(), second.port());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
      assertThat(answer.whole()).isTrue();
      assertRecord(hub.nextEnded(), Outcome.WHOLE, broken.kind());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.spillway.gateway.Broken#streamsThatBreakOff")
  void endsACutStreamWithAnErrorAndNoSecondAttempt(Broken broken) throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(broken.script());
        ScriptedProvider second = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.before(first.port(), second.port());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).startsWith(FIRST).contains("event: error\ndata: {\"error\":{");
      assertThat(answer.body())
          .contains("\"code\":\"stream_interrupted\"")
          .doesNotContain("[DONE]");
      assertThat(answer.whole()).isTrue();
      assertThat(second.requests()).isEmpty();
      assertRecord(hub.nextEnded(), Outcome.CUT, broken.kind());
    }
  }

  @Test
  void endsAStreamThatWasResetWithAnErrorAndTakesTheNextRequest() throws Exception {
    CountDownLatch contentSeen = new CountDownLatch(1);
    Script script = Script.send(streamHead() + chunks(FIRST)).thenAwait(contentSeen).thenReset();
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      contentSeen.countDown();

      assertThat(client.receiveUntil(LAST_CHUNK))
          .contains("event: error\n")
          .doesNotContain("[DONE]");
      assertRecord(hub.nextEnded(), Outcome.CUT, STREAM_BROKEN);
      client.send(Requests.post("GET /v1/models", "", Requests.AUTHORIZED));
      assertThat(client.receive().status()).isEqualTo(200);
    }
  }

  @Test
  void endsAStreamThatStandsStillWithAnError() throws Exception {
    Script script = Script.send(streamHead() + chunks(FIRST));
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.impatientBefore(provider.port());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.body())
          .startsWith(FIRST)
          .contains("event: error\n")
          .doesNotContain("[DONE]");
      assertThat(answer.whole()).isTrue();
      assertRecord(hub.nextEnded(), Outcome.CUT, STALLED);
    }
  }

  @Test
  void answersFromTheSecondWhenNobodyListensAtTheFirst() throws Exception {
    try (ScriptedProvider second = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(closedPort(), second.port());
        RawClient client = new RawClient(hub)) {
      assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
      assertRecord(hub.nextEnded(), Outcome.WHOLE, UNREACHABLE);
    }
  }

  @Test
  void leavesADeploymentAloneForAsLongAsItAsked() throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(Broken.full(), HELLO);
        ScriptedProvider second = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(first.port(), second.port());
        RawClient client = new RawClient(hub)) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);
      }

      assertThat(first.requests()).hasSize(1);
      assertThat(second.requests()).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void triesAgainOnAFreshConnectionWhenTheIdleOneWasStale(Protocol protocol) throws Exception {
    Script once = Script.answer(200, WHOLE);
    try (ScriptedProvider only = new ScriptedProvider(once, Script.send("").thenReset(), once);
        TestHub hub = TestHub.before(only.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK)).receive();
      hub.nextEnded();

      ReceivedMessage answer = client.send(Requests.chat(ASK)).receive();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(only.connections()).isEqualTo(2);
      assertRecord(hub.nextEnded(), Outcome.WHOLE);
    }
  }

  /** It may have been at work all that time: to ask again is no secret. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void tellsThatAReusedConnectionWasLostLongAfterTheRequestWasSent(Protocol protocol)
      throws Exception {
    tellsThatAReusedConnectionWasLost(
        protocol,
        connection -> {
          for (int i = 0; i < 3; i++) {
            Still.forAMoment();
          }
          connection.reset();
        });
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void tellsThatAReusedConnectionWasLostAfterItSaidThatTheRequestIsServed(Protocol protocol)
      throws Exception {
    Script served = Script.send("HTTP/1.1 102 Processing\r\n\r\n");
    tellsThatAReusedConnectionWasLost(
        protocol,
        connection -> {
          served.play(connection);
          Still.forAMoment(); // a reset takes away what was not read
          connection.reset();
        });
  }

  private static void tellsThatAReusedConnectionWasLost(Protocol protocol, Script lost)
      throws Exception {
    Script once = Script.answer(200, WHOLE);
    try (ScriptedProvider only = new ScriptedProvider(once, lost, once);
        TestHub hub = TestHub.before(only.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK)).receive();
      hub.nextEnded();

      assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);

      assertRecord(hub.nextEnded(), Outcome.WHOLE, UNREACHABLE);
    }
  }

  @Test
  void saysHowManyAttemptsFailedWhenNoneAnswered() throws Exception {
    try (ScriptedProvider first = new ScriptedProvider(Script.answer(500, "{}"));
        TestHub hub = TestHub.before(first.port(), closedPort());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK)).receive();

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).contains("\"code\":\"upstream_error\"").contains("unreachable");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void takesAStreamForWholeThatHasItsFinishReasonButNoDone() throws Exception {
    Script script = Script.stream(FIRST, FINISH);
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.body()).isEqualTo(FIRST + FINISH + DONE);
      assertThat(answer.whole()).isTrue();
      assertRecord(hub.nextEnded(), Outcome.WHOLE);
    }
  }

  @Test
  void reusesConnectionsOnBothSides() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO, HELLO_STREAMED, HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      for (String body : List.of(ASK, ASK_STREAMED, ASK)) {
        assertThat(client.send(Requests.chat(body)).receive().whole()).isTrue();
      }

      assertThat(provider.requests()).hasSize(3);
      assertThat(provider.connections()).isEqualTo(1);
    }
  }

  @Test
  void showsProvidersNothingOfTheClientsHead() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post(Requests.CHAT, ASK, Requests.AUTHORIZED, "x-secret: mine"));

      client.receive();

      assertThat(provider.requests().getFirst().head())
          .contains("sk-of-the-hub")
          .doesNotContain(Requests.KEY)
          .doesNotContain("x-secret");
    }
  }

  private static void assertRecord(RequestRecord record, Outcome outcome, Kind... failures) {
    assertThat(record.outcome()).isEqualTo(outcome);
    assertThat(record.failures())
        .extracting(failed -> failed.failure().kind())
        .containsExactly(failures);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket briefly = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return briefly.getLocalPort();
    }
  }
}
