package dev.spillway.gateway;

import static dev.spillway.gateway.Requests.ASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that answers as soon as it has a head, and reads no body. */
class EarlyAnswerIT {
  /** Longer than what two sockets hold when one of them holds little. */
  private static final int LONG_BODY = 9 << 20;

  private static final String NO =
      "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"code\":\"no\"}}";

  private final ServerSocket provider = new ServerSocket();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  EarlyAnswerIT() throws IOException {}

  @BeforeEach
  void start() throws IOException {
    provider.setReceiveBufferSize(4 << 10);
    provider.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.startVirtualThread(this::accept);
  }

  @AfterEach
  void leavesNothing() throws IOException {
    provider.close();
    for (Socket each : open) {
      each.close();
    }
    LeakPresenceDetector.check();
  }

  @Test
  void getsTheNextRequestOnAnotherConnection() throws Exception {
    try (TestHub hub = TestHub.before(provider.getLocalPort());
        RawClient client = new RawClient(hub)) {
      client.send(Requests.chat(ASK + " ".repeat(LONG_BODY)));
      assertThat(client.receive().status()).isEqualTo(400);

      client.send(Requests.chat(ASK));

      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(asked).hasValue(2);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = provider.accept();
        open.add(socket);
        Thread.startVirtualThread(() -> answer(socket));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private void answer(Socket socket) {
    try {
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
    } catch (IOException _) {
      // The hub left.
    }
  }
}
