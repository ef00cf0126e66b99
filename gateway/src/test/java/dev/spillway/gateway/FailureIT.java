package dev.spillway.gateway;

import static dev.spillway.core.retry.AttemptFailure.Kind.BAD_ANSWER;
import static dev.spillway.core.retry.AttemptFailure.Kind.RATE_LIMITED;
import static dev.spillway.core.retry.AttemptFailure.Kind.SERVER_ERROR;
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
import static dev.spillway.gateway.Answers.head;
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
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a provider does: a whole answer, or a clear error; never half of one that looks whole.
 */
class FailureIT {
  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  /** What the first deployment does, and what the hub makes of it. */
  record Broken(String what, Script script, Kind kind) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Broken> answersThatAreNone() {
    String truncated = WHOLE.substring(0, WHOLE.length() / 2);
    String error = "{\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}";
    return List.of(
        new Broken("resets before the head", Script.send("").thenReset(), UNREACHABLE),
        new Broken("closes before the head", Script.send("").thenClose(), UNREACHABLE),
        new Broken(
            "closes in the head", Script.send("HTTP/1.1 200 OK\r\nA").thenClose(), BAD_ANSWER),
        new Broken("500", Script.answer(500, error), SERVER_ERROR),
        new Broken("429", full(), RATE_LIMITED),
        new Broken("HTML with 200", Script.answer(200, "<html>down</html>"), BAD_ANSWER),
        new Broken("nothing with 200", Script.answer(200, ""), BAD_ANSWER),
        new Broken("half of the JSON", Script.answer(200, truncated), BAD_ANSWER),
        new Broken("an error with 200", Script.answer(200, error), SERVER_ERROR),
        new Broken("cut by its length", cut(truncated), STREAM_BROKEN),
        new Broken("both lengths", bothLengths(), BAD_ANSWER),
        new Broken("a bad chunk size", Script.send(streamHead() + "zz\r\n"), BAD_ANSWER),
        new Broken("no HTTP", Script.send("hello there\r\n\r\n"), BAD_ANSWER));
  }

  static List<Broken> streamsThatNeverBegin() {
    return List.of(
        new Broken("ends before content", Script.stream(), STREAM_BROKEN),
        new Broken("only [DONE]", Script.stream(DONE), STREAM_BROKEN),
        new Broken("an error first", Script.stream("data: {\"error\":{}}\n\n"), SERVER_ERROR),
        new Broken("no JSON", Script.stream("data: {\"choices\":[\n\n"), BAD_ANSWER),
        new Broken("HTML", Script.answer(200, "<html>down</html>"), STREAM_BROKEN),
        new Broken("resets before content", Script.send(streamHead()).thenReset(), STREAM_BROKEN));
  }

  static List<Broken> streamsThatBreakOff() {
    String begun = streamHead() + chunks(FIRST);
    return List.of(
        new Broken("FIN", Script.send(begun).thenClose(), STREAM_BROKEN),
        new Broken(
            "FIN inside an event", Script.send(begun + "9\r\ndata: ").thenClose(), STREAM_BROKEN),
        new Broken("ends without finish_reason", Script.stream(FIRST, SECOND), STREAM_BROKEN),
        new Broken("[DONE] without it", Script.stream(FIRST, SECOND, DONE), STREAM_BROKEN),
        new Broken("an error", Script.stream(FIRST, "data: {\"error\":{}}\n\n"), SERVER_ERROR),
        new Broken("no JSON", Script.stream(FIRST, "data: {{\n\n"), BAD_ANSWER),
        new Broken("a bad chunk size", Script.send(begun + "zz\r\n"), BAD_ANSWER));
  }

  @ParameterizedTest
  @MethodSource("answersThatAreNone")
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
  @MethodSource("streamsThatNeverBegin")
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
  @MethodSource("streamsThatBreakOff")
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
    Script script =
        connection -> {
          connection.send(streamHead() + chunks(FIRST));
          contentSeen.await();
          connection.reset();
        };
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
      assertRecord(hub.nextEnded(), Outcome.CUT, STREAM_BROKEN);
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
    try (ScriptedProvider first = new ScriptedProvider(full(), HELLO);
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

  @Test
  void triesAgainOnAFreshConnectionWhenTheIdleOneWasStale() throws Exception {
    Script once = Script.answer(200, WHOLE);
    try (ScriptedProvider only = new ScriptedProvider(once, Script.send("").thenReset(), once);
        TestHub hub = TestHub.before(only.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK)).receive();
      hub.nextEnded();

      ReceivedMessage answer = client.send(Requests.chat(ASK)).receive();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(only.connections()).isEqualTo(2);
      assertRecord(hub.nextEnded(), Outcome.WHOLE);
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

  private static Script full() {
    String body = "{\"error\":{\"code\":\"429\",\"message\":\"full\"}}";
    String length = "Content-Length: " + body.length();
    return Script.send(head(429, "retry-after-ms: 60000", length) + body);
  }

  private static Script cut(String body) {
    return Script.send(head(200, "Content-Length: " + 2 * body.length()) + body).thenClose();
  }

  private static Script bothLengths() {
    return Script.send(
        head(200, "Content-Length: 5", "Transfer-Encoding: chunked") + chunks(WHOLE) + LAST_CHUNK);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket briefly = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return briefly.getLocalPort();
    }
  }
}
