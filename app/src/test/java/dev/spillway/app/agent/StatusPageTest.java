package dev.spillway.app.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.config.Address;
import dev.spillway.app.config.HostName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers may be made to ask of the partner's page by a page of somebody else. */
class StatusPageTest {
  private StatusPage page;

  @BeforeEach
  void start() throws IOException {
    Address address = new Address("127.0.0.1", 0);
    List<HostName> names = List.of(new HostName("agent.partner.example"));
    page = StatusPage.at(address, address.hosts("status-hosts", names));
    page.show(() -> {
      throw new IllegalStateException("nobody asks for it here");
    });
  }

  @AfterEach
  void stop() {
    page.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:9191", "[::1]", "localhost", "agent.partner.example:9191"})
  void answersUnderAddressesAndNamesOfItsOwn(String host) throws IOException {
    assertThat(ask("GET /elsewhere", "Host: " + host))
        .startsWith("HTTP/1.1 404")
        .endsWith("here are / and /status\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example:9191", "127.0.0.1.evil.example", ""})
  void refusesEveryOtherNameOnEveryPath(String host) throws IOException {
    for (String path : List.of("/", "/status", "/elsewhere")) {
      assertThat(ask("GET " + path, "Host: " + host))
          .startsWith("HTTP/1.1 421")
          .contains("an IP address, localhost, or a name that status-hosts lists");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null"})
  void refusesPagesOfOtherOriginsThatWouldChangeSomething(String origin) throws IOException {
    assertThat(ask("POST /status", "Host: 127.0.0.1", "Content-Length: 0", "Origin: " + origin))
        .startsWith("HTTP/1.1 403");
  }

  private String ask(String request, String... headers) throws IOException {
    String head =
        request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
