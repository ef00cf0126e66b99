package dev.spillway.app.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.site.AgentStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
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

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private StatusPage(InetSocketAddress at, Supplier<AgentStatus> status) throws IOException {
    try {
      server = HttpServer.create(at, 0);
    } catch (IOException e) {
      throw new IOException("status: cannot listen on " + at, e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, status));
    server.start();
  }

  static StatusPage start(InetSocketAddress at, Supplier<AgentStatus> status) throws IOException {
    return new StatusPage(at, status);
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, Supplier<AgentStatus> status)
      throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (!exchange.getRequestMethod().equals("GET")) {
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

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("refresh", "2");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
