package dev.spillway.gateway;

import static dev.spillway.gateway.Answers.DONE;
import static dev.spillway.gateway.Answers.FINISH;
import static dev.spillway.gateway.Answers.FIRST;
import static dev.spillway.gateway.Answers.HELLO;
import static dev.spillway.gateway.Answers.HELLO_STREAMED;
import static dev.spillway.gateway.Answers.WHOLE;
import static dev.spillway.gateway.Answers.chunks;
import static dev.spillway.gateway.Answers.streamHead;
import static dev.spillway.gateway.Contracts.without;
import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another configuration is put in force while requests wait, or have failed somewhere. */
class ReloadIT {
  /** Long enough for a configuration to be put in force before. */
  private static final Duration LATE_AFTER = Duration.ofSeconds(1);

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Script slowStream = Answers.heldUntil(goOn);

  @AfterEach
  void leaksNothing() {
    LeakPresenceDetector.check();
  }

  @ParameterizedTest
  @EnumSource
  void givesADeploymentThatIsAddedToThoseWhoWait(Protocol protocol) throws Exception {
    try (ScriptedProvider full = new ScriptedProvider(slowStream);
        ScriptedProvider added = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.start(narrow(full.port()));
        TestClient first = protocol.connect(hub);
        TestClient second = protocol.connect(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK));
      Until.holds("the second waits", () -> hub.waiting() == 1);

      hub.reload(narrow(added.port(), full.port()), 1);

      assertThat(second.receive().body()).isEqualTo(WHOLE);
      assertThat(added.requests()).hasSize(1);
      assertThat(full.requests()).hasSize(1);
      goOn.countDown();
      first.receiveUntil(DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksTheDeploymentThatWasChosenWhereverItStandsNow(Protocol protocol) throws Exception {
    try (ScriptedProvider chosen = new ScriptedProvider(slowStream, HELLO);
        ScriptedProvider forbidden = new ScriptedProvider(HELLO);
        TestHub hub =
            TestHub.start(narrow(chosen.port(), forbidden.port()).under(without("chat-1")));
        TestClient first = protocol.connect(hub);
        TestClient second = protocol.connect(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK));
      Until.holds("the second waits", () -> hub.waiting() == 1);
      int port = forbidden.port();

      hub.reload(narrow(port, chosen.port(), port).under(without("added-0", "chat-1")), 1);
      goOn.countDown();

      assertThat(second.receive().body()).isEqualTo(WHOLE);
      assertThat(chosen.requests()).hasSize(2);
      assertThat(forbidden.requests()).isEmpty();
      hub.nextEnded();
      hub.nextEnded();
      assertThat(hub.inFlight()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bindsThoseWhoWaitToTheNewContract(Protocol protocol) throws Exception {
    try (ScriptedProvider full = new ScriptedProvider(slowStream);
        TestHub hub = TestHub.start(narrow(full.port()));
        TestClient first = protocol.connect(hub);
        TestClient second = protocol.connect(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK));
      Until.holds("the second waits", () -> hub.waiting() == 1);

      hub.reload(narrow(full.port()).under(without("chat-0")), 0);

      assertThat(second.receive().status()).isEqualTo(403);
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.REFUSED);
      goOn.countDown();
      first.receiveUntil(DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bindsThoseWhoWaitToTheNewLimits(Protocol protocol) throws Exception {
    try (ScriptedProvider full = new ScriptedProvider(slowStream);
        TestHub hub = TestHub.start(narrow(full.port()));
        TestClient first = protocol.connect(hub);
        TestClient second = protocol.connect(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK));
      Until.holds("the second waits", () -> hub.waiting() == 1);

      hub.reload(narrow(full.port()).admitting(1), 0);

      ReceivedMessage refused = second.receive();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body()).contains("requests at once");
      assertThat(hub.nextEnded().outcome()).isEqualTo(Outcome.REFUSED);
      goOn.countDown();
      first.receiveUntil(DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bindsTheNextAttemptToTheNewContract(Protocol protocol) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Script failsLater = onceAsked(asked, goOn, Script.NOTHING.thenClose());
    try (ScriptedProvider failing = new ScriptedProvider(failsLater);
        ScriptedProvider other = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(failing.port(), other.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK));
      asked.await();

      hub.reload(
          HubPlan.before(failing.port(), other.port()).under(without("chat-0", "chat-1")), 0);
      goOn.countDown();

      assertThat(client.receive().status()).isEqualTo(502);
      assertThat(other.requests()).isEmpty();
    }
  }

  /** Its tenant has another request under way, whose answer has begun and is finished. */
  @ParameterizedTest
  @EnumSource
  void bindsTheNextAttemptToTheNewLimits(Protocol protocol) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    Script failsLater = onceAsked(asked, fail, Script.NOTHING.thenClose());
    try (ScriptedProvider failing = new ScriptedProvider(slowStream, failsLater);
        ScriptedProvider other = new ScriptedProvider(HELLO);
        TestHub hub = TestHub.before(failing.port(), other.port());
        TestClient first = protocol.connect(hub);
        TestClient second = protocol.connect(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK));
      asked.await();

      hub.reload(HubPlan.before(failing.port(), other.port()).admitting(1), 0);
      fail.countDown();

      ReceivedMessage refused = second.receive();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body()).contains("requests at once");
      assertThat(other.requests()).isEmpty();
      goOn.countDown();
      assertThat(first.receiveUntil(DONE)).contains(FINISH);
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksNobodyForTheRestWhomTheNewContractForbids(Protocol protocol) throws Exception {
    Script breaksOff = Script.send(streamHead() + chunks(FIRST)).thenAwait(goOn).thenReset();
    try (ScriptedProvider failing = new ScriptedProvider(breaksOff);
        ScriptedProvider other = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.start(continuing(failing.port(), other.port()));
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);

      hub.reload(continuing(failing.port(), other.port()).under(without("chat-1")), 0);
      goOn.countDown();

      assertThat(client.receiveUntil("event: error")).doesNotContain(DONE);
      assertThat(other.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void runsNoSecondAttemptWhereTheNewContractForbidsIt(Protocol protocol) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Script late = onceAsked(asked, goOn, HELLO_STREAMED);
    try (ScriptedProvider silent = new ScriptedProvider(late);
        ScriptedProvider other = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.start(hedging(silent.port(), other.port()));
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK_STREAMED));
      asked.await();

      hub.reload(hedging(silent.port(), other.port()).under(without("chat-1")), 0);
      long due = System.nanoTime() + 2 * LATE_AFTER.toNanos();
      Until.holds("a second attempt was due", () -> System.nanoTime() - due > 0);
      goOn.countDown();

      assertThat(client.receiveUntil(DONE)).contains(FIRST);
      assertThat(other.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void runsNoSecondAttemptThatTheNewLimitsDoNotBear(Protocol protocol) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Script late = onceAsked(asked, answer, HELLO_STREAMED);
    try (ScriptedProvider silent = new ScriptedProvider(slowStream, late);
        ScriptedProvider other = new ScriptedProvider(HELLO_STREAMED);
        TestHub hub = TestHub.start(hedging(silent.port(), other.port()));
        TestClient first = protocol.connect(hub);
        TestClient second = protocol.connect(hub)) {
      first.send(Requests.chat(ASK_STREAMED)).receiveUntil(FIRST);
      second.send(Requests.chat(ASK_STREAMED));
      asked.await();

      hub.reload(hedging(silent.port(), other.port()).admitting(1), 0);
      long due = System.nanoTime() + 2 * LATE_AFTER.toNanos();
      Until.holds("a second attempt was due", () -> System.nanoTime() - due > 0);
      answer.countDown();

      assertThat(second.receiveUntil(DONE)).contains(FIRST);
      assertThat(other.requests()).isEmpty();
      goOn.countDown();
      first.receiveUntil(DONE);
    }
  }

  /** Tells that it was asked, and plays this when it is let go on. */
  private static Script onceAsked(CountDownLatch asked, CountDownLatch goOn, Script then) {
    return connection -> {
      asked.countDown();
      goOn.await();
      then.play(connection);
    };
  }

  private static HubPlan hedging(int... ports) {
    return HubPlan.before(ports).with(new HedgeTuning(1, 5, LATE_AFTER));
  }

  private static HubPlan continuing(int... ports) {
    return HubPlan.before(ports).speaking("vllm", "vllm");
  }

  private static HubPlan narrow(int... ports) {
    return HubPlan.before(ports).with(new Capacity.OnDemand(1));
  }
}
