package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static dev.spillway.gateway.Requests.CHAT;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that must wait: for room, or until their deadline. */
class WaitingIT {
  private static final String SHORT_DEADLINE = "x-spillway-timeout-ms: 300";

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Script slowStream = Answers.heldUntil(goOn);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void waitsForRoomAndIsServedWhenThereIs() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(slowStream, HELLO);
        TestHub hub = TestHub.beforeNarrow(provider.port());
        RawClient first = new RawClient(hub);
        RawClient second = new RawClient(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK));
      goOn.countDown();

      assertThat(second.receive().body()).isEqualTo(WHOLE);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      assertThat(provider.requests()).hasSize(2);
    }
  }

  @Test
  void refusesAtTheDeadlineWhatFoundNoRoom() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(slowStream);
        TestHub hub = TestHub.beforeNarrow(provider.port());
        RawClient first = new RawClient(hub);
        RawClient second = new RawClient(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);

      ReceivedMessage refusal =
          second.send(Requests.post(CHAT, ASK, AUTHORIZED, SHORT_DEADLINE)).receive();

      assertThat(refusal.status()).isIn(503, 504);
      assertThat(provider.requests()).hasSize(1);
      goOn.countDown();
      first.receiveUntil(LAST_CHUNK);
    }
  }

  @Test
  void givesTheRoomToTheNextWhenOneThatWaitedLeft() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(slowStream, HELLO);
        TestHub hub = TestHub.beforeNarrow(provider.port());
        RawClient first = new RawClient(hub);
        RawClient leaving = new RawClient(hub);
        RawClient last = new RawClient(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      leaving.send(Requests.chat(ASK));
      last.send(Requests.chat(ASK));
      leaving.leave();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);

      goOn.countDown();

      assertThat(last.receive().body()).isEqualTo(WHOLE);
      assertThat(provider.requests()).hasSize(2);
    }
  }

  @Test
  void tellsTheClientWhenItsDeadlinePassesAndLeavesTheProvider() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Script silent = Script.NOTHING.untilLeft(left);
    try (ScriptedProvider provider = new ScriptedProvider(silent);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.post(CHAT, ASK, AUTHORIZED, SHORT_DEADLINE));

      assertThat(client.receive().status()).isEqualTo(504);
      assertThat(left.await(10, SECONDS)).isTrue();
    }
  }

  @Test
  void doesNotTakeASlowClientForAStalledProvider() throws Exception {
    try (ScriptedProvider provider = new ScriptedProvider(bigStream());
        TestHub hub = TestHub.impatientBefore(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil("data: ");

      // Nothing says that the limit has passed; only time does.
      assertThat(goOn.await(3 * TestHub.IMPATIENCE.toMillis(), MILLISECONDS)).isFalse();

      assertThat(client.receiveUntil(LAST_CHUNK)).endsWith(DONE + "\r\n" + LAST_CHUNK);
    }
  }

  private static Script bigStream() {
    String event = Answers.event("{\"content\":\"" + "x".repeat(16_000) + "\"}", "null");
    String chunk = chunks(event);
    return connection -> {
      connection.send(streamHead());
      for (int i = 0; i < 2_000; i++) {
        connection.send(chunk);
      }
      connection.send(chunks(FINISH, DONE) + LAST_CHUNK);
    };
  }
}
