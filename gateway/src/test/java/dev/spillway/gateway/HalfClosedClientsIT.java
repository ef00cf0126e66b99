package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that end their side of the connection after their request, and wait. */
class HalfClosedClientsIT {
  private static final String LIST = Requests.head("GET /v1/models", AUTHORIZED);

  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void getTheirAnswerAtOnceAndTheEnd() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(afterASign(Answers.HELLO));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK)).endSending();
      Still.forAMoment();
      goOn.countDown();

      assertThat(client.receiveFinal().body()).isEqualTo(Answers.WHOLE);
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void getTheirStreamAndTheEnd() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(afterASign(Answers.HELLO_STREAMED));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).endSending();
      Still.forAMoment();
      goOn.countDown();

      ReceivedMessage answer = client.receiveFinal();
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).endsWith(Answers.DONE);
      assertThat(client.receiveOrClosed()).isNull();
    }
  }

  @Test
  void getTheRestOfTheirStream() throws Exception {
    Script rest =
        Script.send(
            Answers.chunks(Answers.SECOND, Answers.FINISH, Answers.DONE) + Answers.LAST_CHUNK);
    Script halting =
        connection -> {
          connection.send(Answers.streamHead() + Answers.chunks(Answers.FIRST));
          afterASign(rest).play(connection);
        };
    try (ScriptedProvider provider = new ScriptedProvider(halting);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil("Hel");
      client.endSending();
      Still.forAMoment();
      goOn.countDown();

      assertThat(client.receiveRest()).contains("\"lo\"", "data: [DONE]").endsWith("0\r\n\r\n");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void getAllThatTheyAskedForInTheirOrder() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(afterASign(Answers.HELLO));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(LIST + Requests.chat(ASK) + LIST + Requests.chat(ASK)).endSending();
      goOn.countDown();

      assertThat(client.receiveFinal().body()).contains("\"list\"");
      assertThat(client.receiveFinal().body()).isEqualTo(Answers.WHOLE);
      assertThat(client.receiveFinal().body()).contains("\"list\"");
      assertThat(client.receiveFinal().body()).isEqualTo(Answers.WHOLE);
      assertThat(client.receiveOrClosed()).isNull();
    }
  }

  @Test
  void getNothingForHalfARequest() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(Answers.HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      String half = Requests.head(CHAT, AUTHORIZED, "Content-Length: 1000") + ASK;
      client.send(LIST + half).endSending();

      assertThat(client.receive().body()).contains("\"list\"");
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).isEmpty();
    }
  }

  /** Whose system answers by a reset does not wait. */
  @Test
  void areFollowedWhenTheyLeaveAfterAll() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(afterASign(Answers.HELLO));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK)).endSending();
      Still.forAMoment();
      long leftNanos = System.nanoTime();
      client.leave();

      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
      assertThat(Duration.ofNanos(System.nanoTime() - leftNanos)).isLessThan(Duration.ofSeconds(5));
    } finally {
      goOn.countDown();
    }
  }

  /** A socket of the JDK reads on between the ends of its two sides; then no reset comes. */
  @ParameterizedTest
  @ValueSource(strings = {ASK, ASK_STREAMED})
  void areFollowedWhenTheyReadWhatWasSentToSeeWhetherTheyLeft(String ask) throws Exception {
    boolean streams = ask.equals(ASK_STREAMED);
    Script halting =
        connection -> {
          if (streams) {
            connection.send(Answers.streamHead() + Answers.chunks(Answers.FIRST));
          }
          goOn.await();
        };
    try (ScriptedProvider provider = new ScriptedProvider(halting);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ask));
      if (streams) {
        client.receiveUntil("Hel");
      }
      client.endSending();
      client.receiveUntil(streams ? ":\n\n\r\n" : " 100 Continue\r\n\r\n");
      client.leave();

      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
    } finally {
      goOn.countDown();
    }
  }

  private Script afterASign(Script then) {
    return connection -> {
      goOn.await();
      then.play(connection);
    };
  }
}
