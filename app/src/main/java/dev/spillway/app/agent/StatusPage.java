package dev.spillway.app.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.app.config.Address;
import dev.spillway.control.hosts.ServedHosts;
import dev.spillway.site.AgentStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The partner's page: {@code /} for people, {@code /status} for programs. Blocking, on virtual
 * threads; the JDK's own server, since it is asked by one person now and then.
 */
final class StatusPage implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  private final ServedHosts hosts;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private StatusPage(InetSocketAddress at, ServedHosts hosts) throws IOException {
    this.hosts = hosts;
    server = HttpServer.create(at, 0);
    server.setExecutor(threads);
  }

  /**
   * Takes the port, and shows nothing yet.
   *
   * @param hosts the names under which it answers
   * @throws IOException if it cannot be had; says what to do
   */
  static StatusPage at(Address status, ServedHosts hosts) throws IOException {
    InetSocketAddress at = status.toSocketAddress();
    String where = "status: " + status.host() + ":" + status.port() + ": ";
    if (at.isUnresolved()) {
      throw new IOException(where + "no such host (expected: an address of this machine)");
    }
    try {
      return new StatusPage(at, hosts);
    } catch (IOException e) {
      throw new IOException(
          where
              + e.getMessage()
              + " (expected: a port of this machine that nobody has; set status in site.yaml to"
              + " another, of two agents each needs its own)",
          e);
    }
  }

  /** Shows how an agent is. */
  void show(Supplier<AgentStatus> status) {
    server.createContext("/", exchange -> answer(exchange, status));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange, Supplier<AgentStatus> status) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Optional<ServedHosts.Refused> refused = judge(exchange);
      if (refused.isPresent()) {
        String why = refused.get().message() + "\n";
        send(exchange, refused.get().status(), "text/plain", why);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, NOT_ALLOWED, "text/plain", "GET only\n");
      } else if (path.equals("/status")) {
        send(exchange, OK, "application/json", StatusText.json(status.get()));
      } else if (path.equals("/")) {
        send(exchange, OK, "text/plain", StatusText.table(status.get()));
      } else {
        send(exchange, NOT_FOUND, "text/plain", "here are / and /status\n");
      }
    }
  }

  private Optional<ServedHosts.Refused> judge(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return hosts.judge(
        exchange.getRequestMethod(),
        headers.getOrDefault("Host", List.of()),
        headers.getOrDefault("Origin", List.of()));
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("refresh", "2");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
