package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.LAST_CHUNK;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.event;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that leave, dawdle or hurry while a stream is under way. */
class StreamIT {
  private static final Duration GRACE = Duration.ofSeconds(10);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @Test
  void leavesTheProviderWhenTheClientLeavesMidStream() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Script script = Script.send(streamHead() + chunks(FIRST)).untilLeft(left);
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);

      client.leave();

      assertThat(left.await(10, SECONDS)).isTrue();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
    }
  }

  @Test
  void leavesTheProviderWhenTheClientLeavesBeforeContent() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    Script script =
        connection -> {
          asked.countDown();
          connection.awaitLeaving();
          left.countDown();
        };
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK));
      assertThat(asked.await(10, SECONDS)).isTrue();

      client.leave();

      assertThat(left.await(10, SECONDS)).isTrue();
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.ABANDONED);
    }
  }

  @Test
  void holdsTheProviderBackWhileTheClientTakesNothing() throws Exception {
    int events = 4_000;
    String event = event("{\"content\":\"" + "x".repeat(16_000) + "\"}", "null");
    byte[] chunk = chunks(event).getBytes(US_ASCII);
    AtomicLong sent = new AtomicLong();
    Script script =
        connection -> {
          connection.holdLittle();
          connection.send(streamHead());
          for (int i = 0; i < events; i++) {
            connection.send(chunk);
            sent.addAndGet(chunk.length);
          }
          connection.send(chunks(FINISH, DONE) + LAST_CHUNK);
        };
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(HeldBack.client(hub))) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil("data: ");

      long whenStalled = Still.of(sent);
      String rest = client.receiveUntil(LAST_CHUNK);

      assertThat(rest).hasSizeGreaterThan(events * 16_000);
      assertThat(whenStalled).isLessThan(HeldBack.MOST_BYTES);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
    }
  }

  @Test
  void sendsEveryByteInItsPlaceToWhoTakesNothingForAWhile() throws Exception {
    String padding = "x".repeat(16_000);
    List<String> events = new ArrayList<>(List.of(FIRST));
    for (int i = 0; i < 1_000; i++) {
      events.add(event("{\"content\":\"" + i + padding + "\"}", "null"));
    }
    events.addAll(List.of(FINISH, DONE));
    AtomicLong sent = new AtomicLong();
    Script script =
        connection -> {
          connection.send(streamHead());
          for (String event : events) {
            connection.send(chunks(event));
            sent.incrementAndGet();
          }
          connection.send(LAST_CHUNK);
        };
    try (ScriptedProvider provider =
            new ScriptedProvider(script, Script.stream(FIRST, FINISH, DONE));
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED));
      assertThat(Still.of(sent))
          .as("events before all buffers were full")
          .isLessThan(events.size());

      assertThat(client.receive().body()).isEqualTo(String.join("", events));
      client.send(Requests.chat(ASK_STREAMED));
      assertThat(client.receive().body()).isEqualTo(FIRST + FINISH + DONE);
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    Script slowly = Script.stream(FIRST, FINISH, DONE);
    try (ScriptedProvider provider = new ScriptedProvider(slowly, HELLO, HELLO);
        TestHub hub = TestHub.before(provider.port());
        RawClient client = new RawClient(hub)) {
      String wrong = Requests.post("POST /v1/nothing", "{}", Requests.AUTHORIZED);
      client.send(Requests.chat(ASK_STREAMED) + Requests.chat(ASK) + wrong + Requests.chat(ASK));

      assertThat(client.receive().body()).isEqualTo(FIRST + FINISH + DONE);
      assertThat(client.receive().body()).isEqualTo(WHOLE);
      assertThat(client.receive().status()).isEqualTo(404);
      assertThat(client.receive().body()).isEqualTo(WHOLE);
    }
  }

  @Test
  void letsAStreamFinishWhenItDrainsAndTakesNoMore() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    Script script = Answers.heldUntil(draining);
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient idle = new RawClient(hub);
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      Thread drain = Thread.startVirtualThread(() -> drain(hub));
      assertThat(idle.receiveOrClosed()).isNull();

      draining.countDown();

      assertThat(client.receiveUntil(LAST_CHUNK)).endsWith(DONE + "\r\n" + LAST_CHUNK);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.WHOLE);
      assertThat(drain.join(GRACE)).isTrue();
      assertThatThrownBy(() -> new RawClient(hub)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void refusesRequestsThatWaitBehindAStreamWhenItDrains() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    Script script = Answers.heldUntil(draining);
    try (ScriptedProvider provider = new ScriptedProvider(script);
        TestHub hub = TestHub.before(provider.port());
        RawClient idle = new RawClient(hub);
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK_STREAMED) + Requests.chat(ASK)).receiveUntil(FIRST);
      Thread drain = Thread.startVirtualThread(() -> drain(hub));
      assertThat(idle.receiveOrClosed()).isNull();

      draining.countDown();

      client.receiveUntil(LAST_CHUNK);
      assertThat(client.receiveOrClosed()).isNull();
      assertThat(provider.requests()).hasSize(1);
      assertThat(drain.join(GRACE)).isTrue();
    }
  }

  private static void drain(TestHub hub) {
    try {
      hub.gateway().drain(GRACE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
