package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider that answers as soon as it has a head, and reads no body. */
@ParameterizedClass
@EnumSource(Protocol.class)
class EarlyAnswerIT {
  /** Longer than what two sockets hold when one of them holds little. */
  private static final int LONG_BODY = 9 << 20;

  private static final String NO =
      "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"code\":\"no\"}}";

  private final Protocol protocol;
  private final SocketServer provider;
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);

  EarlyAnswerIT(Protocol protocol) throws IOException {
    this.protocol = protocol;
    this.provider = SocketServer.holding(4 << 10, this::answer);
  }

  @AfterEach
  void leavesNothing() {
    over.countDown();
    provider.close();
    LeakPresenceDetector.check();
  }

  @Test
  void getsTheNextRequestOnAnotherConnection() throws Exception {
    try (TestHub hub = TestHub.before(provider.port());
        TestClient client = protocol.connect(hub)) {
      client.send(Requests.chat(ASK + " ".repeat(LONG_BODY)));
      assertThat(client.receive().status()).isEqualTo(400);

      client.send(Requests.chat(ASK));

      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(asked).hasValue(2);
    }
  }

  /** The connection stays open afterwards: to close it is the hub's. */
  private void answer(Socket socket) throws IOException, InterruptedException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
    asked.incrementAndGet();
    new ProviderConnection(socket).send(Answers.head(400, "Content-Length: " + NO.length()) + NO);
    over.await();
  }
}
