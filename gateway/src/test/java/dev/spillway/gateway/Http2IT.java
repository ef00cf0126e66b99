package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.HELLO_STREAMED;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.SECOND;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.event;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS, on the port that also speaks HTTP/1.1. */
class Http2IT {
  private static final int MAX_BODY = 2 << 20;

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void answersWholeWithTheHeadersOfOurs() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      String azures = "POST /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
      ReceivedMessage answer = client.send(Requests.post(azures, ASK, AUTHORIZED)).receive();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(WHOLE);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.header("x-request-id")).isNotEmpty();
      assertThat(answer.header("apim-request-id")).isEqualTo(answer.header("x-request-id"));
      assertThat(answer.header("x-spillway-site")).isEqualTo("home");
      assertThat(answer.header("content-length")).isEqualTo("" + WHOLE.length());
    }
  }

  @Test
  void streamsWithoutTheFramingOfTheOtherProtocol() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
      assertThat(answer.whole()).isTrue();
      assertThat(answer.head())
          .doesNotContain("transfer-encoding", "connection")
          .isEqualTo(answer.head().toLowerCase(java.util.Locale.ROOT).replace("http/2", "HTTP/2"));
    }
  }

  @Test
  void servesManyRequestsOfOneConnectionAtOnce() throws Exception {
    int requests = 100;
    CountDownLatch all = new CountDownLatch(requests);
    Script togetherOnly =
        connection -> {
          all.countDown();
          all.await();
          HELLO_STREAMED.play(connection);
        };
    try (ScriptedProvider provider = new ScriptedProvider(togetherOnly);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      client.send(Requests.chat(ASK_STREAMED).repeat(requests));

      for (int i = 0; i < requests; i++) {
        assertThat(client.receive().body()).isEqualTo(FIRST + SECOND + FINISH + DONE);
      }
    }
  }

  @Test
  void endsAStreamThatBreaksWithAnErrorEvent() throws Exception {
    Script broken = Script.send(streamHead() + chunks(FIRST)).thenReset();
    try (ScriptedProvider provider = new ScriptedProvider(broken);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK_STREAMED)).receive();

      assertThat(answer.body()).startsWith(FIRST + "event: error\ndata: ").doesNotContain(DONE);
      assertThat(answer.whole()).isTrue();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
      assertThat(client.send(Requests.post("GET /v1/models", "", AUTHORIZED)).receive().status())
          .as("the connection goes on")
          .isEqualTo(200);
    }
  }

  @Test
  void leavesTheProviderWhenTheClientResetsTheStream() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Script script = Script.send(streamHead() + chunks(FIRST)).untilLeft(left);
    try (ScriptedProvider provider = new ScriptedProvider(script, HELLO);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = new Http2Client(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);

      client.leave();

      assertThat(left.await(10, SECONDS)).isTrue();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
      assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
    }
  }

  @Test
  void leavesTheProviderWhenTheConnectionCloses() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Script script = Script.send(streamHead() + chunks(FIRST)).untilLeft(left);
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port())) {
      try (Http2Client client = new Http2Client(hub)) {
        client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      }

      assertThat(left.await(10, SECONDS)).isTrue();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
    }
  }

  @Test
  void holdsTheProviderBackWhileTheStreamsWindowIsShutAndServesOthersMeanwhile() throws Exception {
    int events = 2_000;
    String chunk = chunks(event("{\"content\":\"" + "x".repeat(16_000) + "\"}", "null"));
    AtomicLong sent = new AtomicLong();
    Script script =
        connection -> {
          connection.holdLittle();
          connection.send(streamHead());
          for (int i = 0; i < events; i++) {
            connection.send(chunk);
            sent.addAndGet(chunk.length());
          }
          connection.send(chunks(FINISH, DONE) + LAST_CHUNK);
        };
    try (ScriptedProvider provider = new ScriptedProvider(script, HELLO);
        TestHub hub = TestHub.before(provider.port());
        Http2Client client = Http2Client.miserly(hub, 50_000)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil("data: ");

      long whenStalled = Still.of(sent);
      assertThat(whenStalled).isLessThan(HeldBack.MOST_BYTES);
      try (Http2Client other = new Http2Client(hub)) {
        assertThat(other.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
      }
      client.grant(1 << 30);

      assertThat(client.receiveRest()).hasSizeGreaterThan(events * 16_000).endsWith(DONE);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void takesABodyThatIsLongerThanItsWindow() throws Exception {
    String body = ASK + " ".repeat(MAX_BODY - ASK.length());
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.with(TestHub.small(MAX_BODY, MAX_BODY), provider.port());
        Http2Client client = new Http2Client(hub)) {
      assertThat(client.send(Requests.chat(body)).receive().body()).isEqualTo(WHOLE);
      assertThat(client.send(Requests.chat(body)).receive().body()).isEqualTo(WHOLE);
    }
  }

  @Test
  void refusesABodyThatIsTooLongAndAsksForNoMoreOfIt() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.with(TestHub.small(MAX_BODY, MAX_BODY), provider.port());
        Http2Client client = new Http2Client(hub)) {
      client.open(Http2Frames.NONE, Http2Requests.headers(CHAT));
      for (int sent = 0; sent <= MAX_BODY; sent += 0x8000) {
        client.data(" ".repeat(0x8000));
      }

      ReceivedMessage refusal = client.receive();
      assertThat(refusal.status()).isEqualTo(413);
      assertThat(refusal.body()).contains("request_too_large");
      assertThat(client.send(Requests.chat(ASK)).receive().body()).isEqualTo(WHOLE);
    }
  }

  @Test
  void takesAPrefaceThatComesByteByByte() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      for (char each : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toCharArray()) {
        client.send(String.valueOf(each));
      }
      client.send("\0\0\0\4\0\0\0\0\0");

      assertThat(client.receiveUntil("\0\0\0\4\1\0\0\0\0")).startsWith("\0\0");
    }
  }

  @Test
  void takesARequestThatBeginsLikeThePrefaceForHttp1() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      assertThat(client.send("PRI * HTTP/1.1\r\nHost: hub\r\n\r\n").receive().status())
          .isEqualTo(404);
    }
  }
}
