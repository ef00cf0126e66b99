package dev.spillway.app.parity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** One port, a path a deployment: OpenAI-compatible servers that do what the script says. */
final class ScriptedProviders implements AutoCloseable {
  private final Script script;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile int current;

  ScriptedProviders(Script script, int deployments) throws IOException {
    this.script = script;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    for (int i = 0; i < deployments; i++) {
      int deployment = i;
      AtomicInteger attempts = new AtomicInteger();
      server.createContext(
          "/" + i + "/v1/chat/completions",
          exchange -> answer(exchange, script.deed(deployment, attempts.incrementAndGet())));
    }
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Which request of the load is answered from now on, the first of which is 0. */
  void expect(int request) {
    current = request;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange, Optional<Script.Deed> deed) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (deed.isPresent()) {
      Script.Deed done = deed.get();
      if (done.retryAfter() != null) {
        exchange.getResponseHeaders().add("retry-after-ms", "" + done.retryAfter().toMillis());
      }
      send(exchange, done.status(), "application/json", "{\"error\":{\"message\":\"no\"}}");
    } else {
      send(exchange, 200, "text/event-stream", events(script.load().get(current)));
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("content-type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static String events(TraceRequest request) {
    String head =
        "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",";
    return head
        + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Well\"},"
        + "\"finish_reason\":null}]}\n\n"
        + head
        + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"
        + head
        + "\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}"
            .formatted(
                request.inputTokens(),
                request.outputTokens(),
                request.inputTokens() + request.outputTokens())
        + "\n\ndata: [DONE]\n\n";
  }
}
