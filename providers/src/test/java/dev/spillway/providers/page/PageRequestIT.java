package dev.spillway.providers.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.spillway.core.provider.ProviderException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against real ports. */
class PageRequestIT {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int MOST_BYTES = 1_000;
  private static final String PASSWORD = "change-it";
  private static final String WHOLE = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntext";

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

  static Stream<Arguments> floods() {
    String chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    return Stream.of(
        Arguments.of("", "a"),
        Arguments.of("HTTP/1.1 200 OK\r\n", "x-flood: a\r\n"),
        Arguments.of("HTTP/1.1 200 OK\r\nx-flood: ", "a"),
        Arguments.of("", "HTTP/1.1 100 Continue\r\n\r\n"),
        Arguments.of("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
        Arguments.of("HTTP/1.1 200 OK\r\n\r\n", "a"),
        Arguments.of(chunked, "0"),
        Arguments.of(chunked, "1;"),
        Arguments.of(chunked + "0\r\n", "x-flood: a\r\n"));
  }

  /** There is always something to read, so that nobody who reads ever waits. */
  @ParameterizedTest
  @MethodSource("floods")
  void hangsUpOnWhoeverFloods(String begun, String flood) throws Exception {
    byte[] much = flood.repeat(10_000).getBytes(UTF_8);
    try (ServerSocket server = new ServerSocket(0, 1, loopback())) {
      PageRequest asked = request(server.getLocalPort(), SHORT);
      try (Socket connection = server.accept()) {
        connection.getOutputStream().write(begun.getBytes(UTF_8));
        Thread flooding =
            Thread.ofPlatform().daemon().start(() -> writeUntilClosed(connection, much));

        assertThatThrownBy(() -> asked.answer(soon(SHORT))).isInstanceOf(ProviderException.class);
        asked.close();

        assertThat(flooding.join(Duration.ofSeconds(5))).as("it hung up").isTrue();
      }
    }
  }

  /** An engine's idle connections are its to close, and it says so to nobody. */
  @Test
  void asksAnewWhereItsConnectionWasClosed() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, loopback())) {
      for (int i = 0; i < 20; i++) {
        try (PageRequest asked = request(server.getLocalPort(), Duration.ofSeconds(5));
            Socket connection = server.accept()) {
          connection.getOutputStream().write(WHOLE.getBytes(UTF_8));

          Page page = asked.answer(soon(Duration.ofSeconds(5)));

          assertThat(new String(page.body(), UTF_8)).isEqualTo("text");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", "\0\r\n\r\n", ""})
  void saysWhatWasNoAnswer(String broken) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, loopback());
        PageRequest asked = request(server.getLocalPort(), Duration.ofSeconds(5))) {
      try (Socket connection = server.accept()) {
        connection.getInputStream().read();
        connection.getOutputStream().write(broken.getBytes(UTF_8));
        connection.shutdownOutput();

        assertThatThrownBy(() -> asked.answer(soon(Duration.ofSeconds(5))))
            .isInstanceOf(ProviderException.class)
            .hasMessageContaining("/page failed")
            .hasCauseInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void asksNobodyWhoseCertificateIsUnknown(@TempDir Path folder) throws Exception {
    HttpsServer server = HttpsServer.create(new InetSocketAddress(loopback(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
    Set<String> asked = ConcurrentHashMap.newKeySet();
    server.createContext("/page", exchange -> asked.add("page"));
    server.start();
    URI page = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/page");
    try (PageRequest request = PageRequest.of(page, Duration.ofSeconds(5), MOST_BYTES)) {
      assertThatThrownBy(() -> request.answer(soon(Duration.ofSeconds(5))))
          .hasMessageContaining("/page failed")
          .cause()
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unable to find valid certification path");
      assertThat(asked).isEmpty();
    } finally {
      server.stop(0);
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

  private static void writeUntilClosed(Socket connection, byte[] much) {
    try {
      while (true) {
        connection.getOutputStream().write(much);
      }
    } catch (IOException _) {
      // the other side hung up
    }
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

  private static SSLContext selfSigned(Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    new ProcessBuilder(
            keytool,
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "SAN=IP:127.0.0.1",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD)
        .inheritIO()
        .start()
        .waitFor();
    KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
