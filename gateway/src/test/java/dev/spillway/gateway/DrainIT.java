package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hub that goes down: who comes is sent elsewhere, who is there is served or told. */
class DrainIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(1_500);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    Script inTwoParts =
        connection -> {
          asked.countDown();
          connection.send(streamHead() + chunks(FIRST));
          finish.await();
          connection.send(chunks(FINISH, DONE) + LAST_CHUNK);
        };
    provider = new ScriptedProvider(inTwoParts);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() {
    finish.countDown();
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesRequestsOfConnectionsOldAndNew(Protocol protocol) throws Exception {
    try (TestClient old = protocol.connect(hub);
        TestClient busy = protocol.connect(hub)) {
      busy.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      assertThat(old.send(Requests.post("GET /v1/models", "", AUTHORIZED)).receive().status())
          .isEqualTo(200);
      Thread drain = drain(LONG);

      assertRefused(protocol, old.send(Requests.chat(ASK)).receive());
      try (TestClient late = protocol.connect(hub)) {
        assertRefused(protocol, late.send(Requests.chat(ASK)).receive());
        assertThat(late.receiveOrClosed()).isNull();
      }
      assertThat(old.receiveOrClosed()).isNull();
      assertThat(provider.requests()).hasSize(1);

      finish.countDown();
      busy.receiveUntil(DONE);
      assertThat(drain.join(LONG)).isTrue();
      assertThatThrownBy(() -> protocol.connect(hub)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void saysGoodbyeInTwoStepsAndLetsStreamsFinish() throws Exception {
    try (Http2Client client = new Http2Client(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      Thread drain = drain(LONG);

      assertThat(client.receiveGoodbye())
          .isEqualTo(new Http2Streams.Goodbye(Integer.MAX_VALUE, Http2Frames.NO_ERROR));
      assertThat(client.receiveGoodbye())
          .isEqualTo(new Http2Streams.Goodbye(client.lastStream(), Http2Frames.NO_ERROR));
      finish.countDown();

      ReceivedMessage answer = client.receive();
      assertThat(answer.body()).isEqualTo(FIRST + FINISH + DONE);
      assertThat(answer.whole()).isTrue();
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void endsStreamsThatDoNotFinishInTimeWithAnErrorEvent(Protocol protocol) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      Thread drain = drain(SHORT);

      assertThat(client.receiveRest())
          .contains("event: error", "service_unavailable")
          .doesNotContain(DONE);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.CUT);
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void endsStreamsAtOnceWhenItIsToHurry(Protocol protocol) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      Thread drain = drain(LONG);

      hub.gateway().hurry();

      assertThat(client.receiveRest()).contains("event: error", "service_unavailable");
      assertThat(drain.join(Duration.ofSeconds(5))).isTrue();
    }
  }

  /** It has its {@code finish_reason}: that nothing ends it is not worth an error. */
  @ParameterizedTest
  @EnumSource(Protocol.class)
  void takesAnAnswerForWholeThatLacksOnlyItsEnd(Protocol protocol) throws Exception {
    Script withoutEnd =
        connection -> {
          connection.send(streamHead() + chunks(FIRST, FINISH));
          finish.await();
        };
    try (ScriptedProvider slow = new ScriptedProvider(withoutEnd);
        TestHub before = TestHub.before(slow.port());
        TestClient client = protocol.connect(before)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FINISH);

      before.gateway().drain(Duration.ZERO);

      assertThat(client.receiveRest()).contains(DONE).doesNotContain("event: error");
      assertThat(before.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      finish.countDown();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesWhatHasNoContentWhenTheTimeIsOver(Protocol protocol) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK));
      assertThat(asked.await(10, SECONDS)).isTrue();
      Thread drain = drain(SHORT);

      assertRefused(protocol, client.receive());
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(hub.nextEnded().status()).isEqualTo(503);
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesWhatIsStillComingWhenTheTimeIsOver(Protocol protocol) throws Exception {
    try (TestClient client = protocol.connect(hub)) {
      String half = Requests.head(CHAT, AUTHORIZED, "Content-Length: 100", "Expect: 100-continue");
      assertThat(client.send(half).receive().status()).isEqualTo(100);
      Thread drain = drain(SHORT);

      assertRefused(protocol, client.receive());
      assertThat(drain.join(LONG)).isTrue();
    }
  }

  @Test
  void waitsForNobodyWhoAsksNothing() throws Exception {
    try (RawClient mute = new RawClient(hub);
        RawClient idle = new RawClient(hub);
        Http2Client idle2 = new Http2Client(hub)) {
      String models = Requests.post("GET /v1/models", "", AUTHORIZED);
      assertThat(idle.send(models).receive().status()).isEqualTo(200);
      assertThat(idle2.send(models).receive().status()).isEqualTo(200);

      assertThat(drain(LONG).join(Duration.ofSeconds(5))).isTrue();

      assertThat(mute.receiveOrClosed()).isNull();
      assertThat(idle.receiveOrClosed()).isNull();
      assertThat(idle2.receiveOrClosed()).isNull();
    }
  }

  /** Begins to drain; what is sent from now on is refused. */
  private Thread drain(Duration grace) {
    Thread drain =
        Thread.startVirtualThread(() -> {
          try {
            hub.gateway().drain(grace);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    while (!hub.gateway().isDraining()) {
      Thread.onSpinWait();
    }
    return drain;
  }

  private static void assertRefused(Protocol protocol, ReceivedMessage refusal) {
    assertThat(refusal.status()).isEqualTo(503);
    assertThat(refusal.body()).contains("service_unavailable");
    assertThat(refusal.header("x-should-retry")).isEqualTo("true");
    assertThat(refusal.header("retry-after")).isEqualTo("1");
    assertThat(refusal.header("connection")).isEqualTo(protocol == Protocol.HTTP_2 ? "" : "close");
  }
}
