package dev.spillway.app.sites;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine that answers at once, and remembers what it was asked; it keeps the responses that it
 * made, and knows no others.
 */
final class RecordingEngine implements AutoCloseable {
  private static final String IDLE =
      """
      vllm:num_requests_running{model_name="gpt-4o"} 0.0
      vllm:num_requests_waiting{model_name="gpt-4o"} 0.0
      vllm:kv_cache_usage_perc{model_name="gpt-4o"} 0.0
      """;

  private static final String RESPONSES = "/v1/responses";
  private static final Pattern PREVIOUS = Pattern.compile("\"previous_response_id\":\"([^\"]+)\"");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<String> kept = ConcurrentHashMap.newKeySet();
  private final AtomicInteger made = new AtomicInteger();
  private final HttpServer server;
  private volatile String models = "{\"data\":[]}";
  private volatile String words = "Well.";

  /** A request; without those for its load, and for what it serves. */
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

  /** It says from now on that it serves one model. */
  void names(String model, int contextTokens) {
    models = "{\"data\":[{\"id\":\"%s\",\"max_model_len\":%d}]}".formatted(model, contextTokens);
  }

  /** It answers with these words from now on, where it is asked to chat. */
  void says(String others) {
    words = others;
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
      if (path.equals("/v1/models")) {
        send(exchange, "application/json", models);
        return;
      }
      String method = exchange.getRequestMethod();
      asked.add(new Asked(method, path, body));
      if (!path.startsWith(RESPONSES)) {
        send(exchange, "application/json", chat());
      } else if (path.equals(RESPONSES)) {
        make(exchange, body);
      } else {
        ofKept(exchange, method, path.substring(RESPONSES.length() + 1));
      }
    }
  }

  private void make(HttpExchange exchange, String body) throws IOException {
    Matcher previous = PREVIOUS.matcher(body);
    if (previous.find() && !kept.contains(previous.group(1))) {
      notFound(exchange);
      return;
    }
    String id = "resp_" + port() + "_" + made.incrementAndGet();
    kept.add(id);
    send(exchange, "application/json", response(id, "completed"));
  }

  private void ofKept(HttpExchange exchange, String method, String rest) throws IOException {
    String id = rest.replaceAll("[/?].*", "");
    if (!kept.contains(id)) {
      notFound(exchange);
    } else if (method.equals("DELETE")) {
      kept.remove(id);
      send(
          exchange,
          "application/json",
          "{\"id\":\"%s\",\"object\":\"response.deleted\",\"deleted\":true}".formatted(id));
    } else if (rest.contains("/input_items")) {
      send(exchange, "application/json", "{\"object\":\"list\",\"data\":[]}");
    } else {
      send(exchange, "application/json", response(id, "completed"));
    }
  }

  private static String response(String id, String status) {
    return """
    {"id":"%s","object":"response","status":"%s","error":null,"output":[{"type":"message",
     "id":"msg_1","content":[{"type":"output_text","text":"Hello"}]}],
     "previous_response_id":null,"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}\
    """
        .formatted(id, status);
  }

  private static void notFound(HttpExchange exchange) throws IOException {
    byte[] words = "{\"error\":{\"message\":\"no such response\"}}".getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(404, words.length);
    exchange.getResponseBody().write(words);
  }

  private String chat() {
    return """
    {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,
     "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],
     "usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}\
    """
        .formatted(words);
  }

  private static void send(HttpExchange exchange, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
