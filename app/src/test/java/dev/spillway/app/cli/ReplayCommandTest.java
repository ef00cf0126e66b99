package dev.spillway.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayCommandTest {
  private static final String TRACE =
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:15:46.6805900,374,44
      """;

  private static final String STREAM =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
      "delta":{"role":"assistant","content":"Well"},"finish_reason":null}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
      "delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-secret\n",
        "sk-secret\r\nx-other: a",
        "sk-\u0000secret",
        "sk-secret\u20ac",
        " "
      })
  void sendsNothingWithAKeyThatNoHeaderCanCarry(String key) throws IOException {
    Path trace = Files.writeString(folder.resolve("trace.csv"), TRACE);
    try (ServerSocket hub = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + hub.getLocalPort() + "/v1";

      var ran =
          Commands.run("replay", "--trace", trace.toString(), "--base-url", url, "--key", key);

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith("--key: ").doesNotContain("secret").hasLineCount(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "503, 1"})
  void saysByItsExitCodeWhetherEveryAnswerCameWhole(int status, int exitCode) throws IOException {
    Path trace = Files.writeString(folder.resolve("trace.csv"), TRACE);
    HttpServer hub =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext("/", exchange -> answer(exchange, status));
    hub.start();
    try {
      String url = "http://127.0.0.1:" + hub.getAddress().getPort() + "/v1";

      var ran =
          Commands.run("replay", "--trace", trace.toString(), "--base-url", url, "--key", "key");

      assertThat(ran.exitCode()).as(ran.out()).isEqualTo(exitCode);
    } finally {
      hub.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://no-such-host.invalid/v1, 80",
    "https://no-such-host.invalid/v1, 443",
    "http://no-such-host.invalid:8080/v1, 8080"
  })
  void looksWhereTheSchemeHasItsPort(String url, int port) throws IOException {
    Path trace = Files.writeString(folder.resolve("trace.csv"), TRACE);

    var ran = Commands.run("replay", "--trace", trace.toString(), "--base-url", url);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("nobody answers at " + url + " (port " + port + ")");
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("content-type", "text/event-stream");
      exchange.sendResponseHeaders(status, 0);
      exchange.getResponseBody().write(STREAM.getBytes(UTF_8));
    }
  }
}
