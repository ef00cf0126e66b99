package dev.spillway.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.control.api.AdminRoutes;
import dev.spillway.control.hosts.ServedHosts;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers may be made to ask of the admin port by a page of somebody else. */
class AdminHostsTest {
  private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\ncontent-length: *([0-9]+)");
  private static final String PAGE = "spillway_x 1";

  private AdminPort admin;

  @BeforeEach
  void start() throws IOException {
    ServedHosts hosts =
        new ServedHosts("listen.admin-hosts", List.of("Hub.example.com", "spillway_hub"));
    AdminRoutes routes = new AdminRoutes(new NeverAsked(), new NeverAsked(), () -> PAGE);
    admin =
        AdminPort.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), hosts, routes);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3:9090",
        "[::1]:9090",
        "[fe80::1]",
        "localhost:9090",
        "LOCALHOST",
        "localhost.",
        "hub.example.com",
        "HUB.example.com.:9090",
        "spillway_hub:9090"
      })
  void answersUnderAddressesAndNamesOfItsOwn(String host) throws IOException {
    assertThat(ask("GET /metrics", "Host: " + host)).startsWith("HTTP/1.1 200").endsWith(PAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9090",
        "127.0.0.1.evil.example:9090",
        "localhost.evil.example",
        "example.com",
        "x.hub.example.com",
        "256.1.1.1",
        "1.2.3",
        "127.0.0.1.5",
        "2130706433"
      })
  void refusesEveryOtherNameAndSaysWhatToSet(String host) throws IOException {
    assertThat(ask("GET /metrics", "Host: " + host))
        .startsWith("HTTP/1.1 421 Misdirected Request")
        .contains(
            "asked for host "
                + host
                + " (expected: an IP address, localhost, or a name that listen.admin-hosts lists)")
        .doesNotContain(PAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthz", "/readyz", "/api/decisions", "/api/deployments"})
  void refusesItOnEveryPath(String path) throws IOException {
    assertThat(ask("GET " + path, "Host: evil.example")).startsWith("HTTP/1.1 421");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "u@127.0.0.1", "127.0.0.1/x", "[::1", "127.0.0.1:x"})
  void refusesAHostThatIsNone(String host) throws IOException {
    assertThat(ask("GET /metrics", "Host: " + host)).startsWith("HTTP/1.1 4").doesNotContain(PAGE);
  }

  @Test
  void refusesTwoHosts() throws IOException {
    assertThat(ask("GET /metrics", "Host: 127.0.0.1", "Host: evil.example"))
        .startsWith("HTTP/1.1 4")
        .doesNotContain(PAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "http://127.0.0.1:1",
        "http://127.0.0.1",
        "file://127.0.0.1:9090",
        "null"
      })
  void refusesPagesOfOtherOriginsThatWouldChangeSomething(String origin) throws IOException {
    assertThat(ask("POST /api/config", "Host: 127.0.0.1:9090", "Origin: " + origin))
        .startsWith("HTTP/1.1 403")
        .contains("POST by a web page of another origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Origin: http://127.0.0.1:9090", "Origin: https://127.0.0.1:9090", "A: b"})
  void letsItsOwnPagesAndProgramsChangeWhatCanBeChanged(String header) throws IOException {
    assertThat(ask("POST /api/config", "Host: 127.0.0.1:9090", header))
        .startsWith("HTTP/1.1 404"); // nothing can be, as yet
  }

  @Test
  void readsForAnyOriginSinceItsBrowserKeepsWhatItGets() throws IOException {
    assertThat(ask("GET /metrics", "Host: 127.0.0.1", "Origin: http://evil.example"))
        .startsWith("HTTP/1.1 200")
        .doesNotContainIgnoringCase("access-control-allow");
  }

  private String ask(String request, String... headers) throws IOException {
    String head = request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      return answerIn(socket.getInputStream());
    }
  }

  private static String answerIn(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("closed after: " + head);
      }
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return head + new String(in.readNBytes(bytes), UTF_8);
  }
}
