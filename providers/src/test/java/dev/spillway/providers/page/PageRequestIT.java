package dev.spillway.providers.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.spillway.core.provider.ProviderException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against real ports. */
class PageRequestIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int MOST_BYTES = 1_000;

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 404, 500})
  void asksAgainOverTheSameConnectionWhateverTheStatus(int status) throws Exception {
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
    server.createContext(
        "/page",
        exchange -> {
          try (exchange) {
            ports.add(exchange.getRemoteAddress().getPort());
            exchange.getResponseHeaders().set("location", "/elsewhere");
            exchange.sendResponseHeaders(status, 4);
            exchange.getResponseBody().write("text".getBytes(UTF_8));
          }
        });
    server.start();
    try {
      for (int i = 0; i < 3; i++) {
        Page page = ask(server.getAddress().getPort(), Duration.ofSeconds(5));

        assertThat(page.status()).isEqualTo(status);
        assertThat(new String(page.body(), UTF_8)).isEqualTo("text");
      }
      assertThat(ports).hasSize(1);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"})
  void hangsUpOnWhoeverIsTooLate(String begun) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, loopback())) {
      PageRequest asked = request(server.getLocalPort(), SHORT);
      try (Socket connection = server.accept()) {
        connection.setSoTimeout(5_000);
        connection.getOutputStream().write(begun.getBytes(UTF_8));

        assertThatThrownBy(() -> asked.answer(soon(SHORT)))
            .isInstanceOf(ProviderException.class)
            .hasMessageContaining("/page did not answer in PT0.3S");
        asked.close();

        assertThat(isClosed(connection)).isTrue();
      }
    }
  }

  @Test
  void saysWhoCannotBeReached() throws Exception {
    try (PageRequest asked = request(1, Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> asked.answer(soon(SHORT)))
          .isInstanceOf(ProviderException.class)
          .hasMessageContaining("GET http://127.0.0.1:1/page failed")
          .hasCauseInstanceOf(IOException.class);
    }
  }

  private static long soon(Duration within) {
    return System.nanoTime() + within.toNanos();
  }

  private static Page ask(int port, Duration within) throws Exception {
    try (PageRequest asked = request(port, within)) {
      return asked.answer(soon(within));
    }
  }

  private static PageRequest request(int port, Duration within) {
    return PageRequest.of(URI.create("http://127.0.0.1:" + port + "/page"), within, MOST_BYTES);
  }

  /** Reads the request, and then its end: a reset, where what was sent was not read. */
  private static boolean isClosed(Socket connection) throws IOException {
    try {
      connection.getInputStream().readAllBytes();
    } catch (SocketTimeoutException _) {
      return false;
    } catch (SocketException _) {
      return true;
    }
    return true;
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
