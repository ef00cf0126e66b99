package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that take their time: nobody is held up by them, and they are told where they can be. */
class SlowClientsIT {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofSeconds(60);

  /** Sent four times in the time that a client has, it comes fast enough. */
  private static final String PIECE = " ".repeat(32 << 10);

  /** More than the buffers of two sockets hold. */
  private static final int LONG_ANSWER = 15 << 20;

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void tellsWhoDoesNotSendItsBody(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(SOON, LATE), provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.head(CHAT, AUTHORIZED, "Content-Length: 1000") + "{\"model\":");

      ReceivedMessage refusal = client.receive();
      assertThat(refusal.status()).isEqualTo(408);
      assertThat(refusal.body()).contains("request_timeout", SOON.toMillis() + " ms");
      assertThat(refusal.header("x-should-retry")).isEqualTo("true");
      assertThat(provider.requests()).isEmpty();
    }
  }

  /** Longer than it has for a request, but steadily. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void waitsForABodyThatComesSteadily(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(SOON, LATE), provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.head(CHAT, AUTHORIZED, "Content-Length: " + 10 * PIECE.length()));
      for (int i = 0; i < 9; i++) {
        client.send(PIECE);
        forAMoment();
      }
      client.send(PIECE.substring(ASK.length()) + ASK);

      assertThat(client.receive().status()).isEqualTo(200);
    }
  }

  /** A little now and then, for longer than it has: that is no progress. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void cutsABodyThatDrips(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(SOON, LATE), provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.head(CHAT, AUTHORIZED, "Content-Length: " + (9 + ASK.length())));
      for (int i = 0; i < 9; i++) {
        client.send(" ");
        forAMoment();
      }
      client.send(ASK);

      assertThat(client.receive().status()).isEqualTo(408);
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void closesForWhoDoesNotFinishItsHead() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(SOON, LATE), provider.port());
        RawClient client = new RawClient(hub)) {
      client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: hub\r\nx-half: ");

      assertThat(client.receiveOrClosed()).isNull();
    }
  }

  @Test
  void closesForWhoDoesNotFinishItsSecondHead() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(SOON, LATE), provider.port());
        RawClient client = new RawClient(hub)) {
      assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);
      client.send("POST");

      assertThat(client.receiveOrClosed()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void closesForWhoAsksNothing(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(LATE, SOON), provider.port());
        TestClient client = protocol.connect(hub);
        TestClient mute = protocol.connect(hub)) {
      assertThat(client.send(Requests.chat(ASK)).receive().status()).isEqualTo(200);

      assertThat(client.receiveOrClosed()).isNull();
      assertThat(mute.receiveOrClosed()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void waitsForWhoReadsALongAnswerSteadily(Protocol protocol) throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(longAnswer());
        TestHub hub = TestHub.with(TestHub.hasty(LATE, Duration.ofMillis(500)), provider.port());
        TestClient client = protocol.on(new SlowSocket(hub))) {
      ReceivedMessage answer = client.send(Requests.chat(ASK)).receive();

      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).hasSizeGreaterThan(LONG_ANSWER);
    }
  }

  @Test
  void keepsNoAnswerForWhoDoesNotReadIt() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(longAnswer());
        TestHub hub = TestHub.with(TestHub.hasty(LATE, SOON), provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK));
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      // Longer than the hub waits, twice: at first the system takes some for the client. Nothing
      // tells that it has gone.
      Still.forAMoment();
      Still.forAMoment();
      Still.forAMoment();

      assertThat(client.receive().whole()).isFalse();
    }
  }

  @Test
  void keepsNoAnswerForWhoGrantsNoWindow() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(longAnswer(), Answers.HELLO);
        TestHub hub = TestHub.with(TestHub.hasty(LATE, SOON), provider.port());
        Http2Client client = Http2Client.miserly(hub, 1_000)) {
      client.send(Requests.chat(ASK));

      assertThat(client.receiveReset()).isEqualTo(Http2Frames.CANCEL);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      client.send(Requests.chat(ASK));
      assertThat(client.receive().status()).isEqualTo(200);
    }
  }

  /** A fraction of the time that a client has, after which nothing has to have happened. */
  private static void forAMoment() throws InterruptedException {
    if (new CountDownLatch(1).await(SOON.toMillis() / 4, MILLISECONDS)) {
      throw new AssertionError("nobody counts this down");
    }
  }

  private static Script longAnswer() {
    String content = "x".repeat(LONG_ANSWER);
    return Script.answer(200, Answers.WHOLE.replace("Hello", content));
  }
}
