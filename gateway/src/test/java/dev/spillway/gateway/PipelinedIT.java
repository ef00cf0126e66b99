package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.GatewayConfig.Transport;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that send their next requests before they have read an answer. */
class PipelinedIT {
  private static final String NOWHERE = "GET / HTTP/1.1\r\nHost:\r\n\r\n";

  private ScriptedProvider provider;
  private TestHub hub;

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.HELLO);
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void leaksNothing() {
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  /** The long body makes the hub read much at once: all that follows waits for its answer. */
  @Test
  void getThousandsOfAnswersInTheirOrderBehindOneThatTakesItsTime() throws Exception {
    int many = 5_000;
    try (RawClient client = new RawClient(hub)) {
      Thread.startVirtualThread(() -> {
        try {
          client.send(Requests.chat(ASK + " ".repeat(1 << 20)) + NOWHERE.repeat(many));
          client.send(Requests.chat(ASK));
        } catch (IOException _) {
          // The hub closed: what is read shows it.
        }
      });

      assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
      for (int i = 0; i < many; i++) {
        assertThat(client.receive().status()).as("answer %d", i).isEqualTo(404);
      }
      assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
    }
  }

  /**
   * What waits is more than is kept, and makes the hub read no more; it must not stay so. Epoll
   * tells that a client left all the same.
   */
  @Test
  void areSeenToLeaveWhileTheSecondIsServed() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    Script first =
        connection -> {
          sent.await();
          Answers.HELLO.play(connection);
        };
    Script second =
        connection -> {
          connection.awaitLeaving();
          left.countDown();
        };
    try (ScriptedProvider slow = new ScriptedProvider(first, second);
        TestHub before = TestHub.with(TestHub.over(Transport.NIO), slow.port())) {
      try (RawClient client = new RawClient(before)) {
        String another = Requests.chat(ASK + " ".repeat(45_000));
        client.send(Requests.chat(ASK)).send(another + another);
        Still.forAMoment(); // until the hub has read what it reads
        sent.countDown();
        client.receive();
        Until.holds("the second is served", () -> slow.requests().size() == 2);
      }

      assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void getTheirAnswersBehindOneThatWasRefused() throws Exception {
    String list = Requests.head("GET /v1/models", AUTHORIZED);
    try (RawClient client = new RawClient(hub)) {
      client.send(Requests.chat("{\"model\":") + list + Requests.chat("[]") + Requests.chat(ASK));

      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(client.receive().status()).isEqualTo(200);
      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(client.receive().body()).isEqualTo(Answers.WHOLE);
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void areHeardNoMoreWhileTheyDoNotReadAndAnsweredWhenTheyDo() throws Exception {
    int many = 6_000;
    String padded = NOWHERE.replace("\r\n\r\n", "\r\nx: " + "a".repeat(4_000) + "\r\n\r\n");
    AtomicLong sent = new AtomicLong();
    try (RawClient client = new RawClient(hub)) {
      Thread.startVirtualThread(() -> {
        try {
          for (int i = 0; i < many; i++) {
            client.send(padded);
            sent.incrementAndGet();
          }
        } catch (IOException _) {
          // The hub closed: what is read shows it.
        }
      });
      Still.forAMoment();

      assertThat(Still.of(sent)).isLessThan(many);
      for (int i = 0; i < many; i++) {
        assertThat(client.receive().status()).as("answer %d", i).isEqualTo(404);
      }
    }
  }
}
