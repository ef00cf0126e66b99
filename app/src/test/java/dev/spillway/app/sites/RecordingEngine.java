package dev.spillway.app.sites;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine that answers at once, and remembers what it was asked. */
final class RecordingEngine implements AutoCloseable {
  private static final String IDLE =
      """
      vllm:num_requests_running{model_name="gpt-4o"} 0.0
      vllm:num_requests_waiting{model_name="gpt-4o"} 0.0
      vllm:kv_cache_usage_perc{model_name="gpt-4o"} 0.0
      """;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** A request; without those for its load. */
  record Asked(String method, String path, String body) {}

  private RecordingEngine(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static RecordingEngine start() throws IOException {
    return new RecordingEngine(0);
  }

  /** Where another was. */
  static RecordingEngine at(int port) throws IOException {
    return new RecordingEngine(port);
  }

  int port() {
    return server.getAddress().getPort();
  }

  List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (path.equals("/metrics")) {
        send(exchange, "text/plain", IDLE);
        return;
      }
      asked.add(new Asked(exchange.getRequestMethod(), path, body));
      send(exchange, "application/json", chat());
    }
  }

  private static String chat() {
    return """
    {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,
     "message":{"role":"assistant","content":"Well."},"finish_reason":"stop"}],
     "usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}\
    """;
  }

  private static void send(HttpExchange exchange, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
