package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static dev.spillway.gateway.Requests.ASK_STREAMED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.telemetry.FewWarnings;
import io.netty.util.LeakPresenceDetector;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bugs of the hub: its client is told, its log says where, and nothing is held afterwards. */
@ParameterizedClass
@EnumSource(Protocol.class)
class UnforeseenIT {
  private static final String GARBAGE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage of all kinds";

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Protocol protocol;
  private final LogLines log = new LogLines(FewWarnings.class);
  private ScriptedProvider provider;
  private TestHub hub;

  UnforeseenIT(Protocol protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void start() throws Exception {
    provider = new ScriptedProvider(Answers.heldUntil(goOn));
    hub = TestHub.before(provider.port());
  }

  @AfterEach
  void holdsAndLeaksNothing() {
    goOn.countDown();
    Until.holds("nothing is in flight", () -> hub.inFlight() == 0);
    Until.holds("no body is paid for", () -> hub.gateway().bodies().takenBytes() == 0);
    log.close();
    hub.close();
    provider.close();
    LeakPresenceDetector.check();
  }

  /** Read on the event loop, and beside it. */
  enum Length {
    SHORT(0),
    LONG(300 << 10);

    private final int more;

    Length(int more) {
      this.more = more;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isAnInternalErrorBeforeTheAnswerBegins(Length length) throws Exception {
    FailingDispatcher.in(hub, "admit");
    try (TestClient client = protocol.connect(hub);
        TestClient other = protocol.connect(hub)) {
      ReceivedMessage answer = client.send(Requests.chat(ASK + " ".repeat(length.more))).receive();

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("\"code\":\"internal_error\"");
      assertThat(answer.header("x-should-retry")).isEqualTo("true");
      assertThat(answer.whole()).isTrue();
      assertLogged();
      if (protocol == Protocol.HTTP_1_1) {
        assertThat(answer.header("connection")).isEqualTo("close");
        assertThat(client.receiveOrClosed()).isNull();
      }
      goOn.countDown();
      assertThat(other.send(Requests.chat(ASK_STREAMED)).receive().status()).isEqualTo(200);
    }
  }

  /** As its attempt is given up when the hub goes down and waits no longer. */
  @Test
  void endsAnAnswerThatHasBegunWithAnError() throws Exception {
    FailingDispatcher.in(hub, "abandoned");
    try (TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(Answers.FIRST);

      hub.gateway().drain(Duration.ZERO);

      assertThat(client.receiveRest())
          .contains("event: error", "internal_error")
          .doesNotContain(Answers.DONE);
      assertLogged();
    }
  }

  @Test
  void isNotWhatClientsDoToTheirConnections() throws Exception {
    try (Socket garbage = new Socket(InetAddress.getLoopbackAddress(), hub.port());
        Socket resetting = new Socket(InetAddress.getLoopbackAddress(), hub.port());
        TestClient client = protocol.on(resetting)) {
      garbage.getOutputStream().write(GARBAGE.getBytes(US_ASCII));
      assertThat(garbage.getInputStream().readAllBytes()).isNotEmpty();
      client.send(Requests.chat(ASK_STREAMED)).receiveUntil(Answers.FIRST);
      resetting.setSoLinger(true, 0);
    }

    hub.nextEnded();
    assertThat(log.taken()).isEmpty();
  }

  private void assertLogged() {
    List<LogRecord> lines = log.taken();
    assertThat(lines).hasSize(1);
    Throwable told = lines.getFirst().getThrown();
    assertThat(told).hasMessage(IllegalStateException.class.getName());
    assertThat(told.getStackTrace()).anyMatch(at -> at.getClassName().contains("Exchange"));
  }
}
