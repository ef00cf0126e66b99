package dev.spillway.site.calibration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.MalformedJson;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An engine over a real socket that takes the time it is told to. */
final class PacedEngine implements AutoCloseable {
  private static final Pattern MOST = Pattern.compile("\"max_tokens\":(\\d+)");
  private static final Pattern CONTENT = Pattern.compile("\"(?:content|prompt)\":\"([^\"]*)\"");
  private static final int BYTES_PER_TOKEN = 4;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger looked = new AtomicInteger();
  private final AtomicInteger brokenOff = new AtomicInteger();
  private final HttpServer server;
  volatile String model = "model-a";
  volatile long baseMillis = 20;
  volatile double prefillTokensPerSecond = 1_000;
  volatile long decodeMillis = 10;
  volatile boolean stalls;
  volatile boolean chats = true;
  final AtomicInteger failures = new AtomicInteger();

  PacedEngine() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/models", this::models);
    server.createContext("/v1/chat/completions", this::chat);
    server.createContext("/v1/completions", exchange -> answer(exchange, "\"text\":\"one\""));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Requests for answers. */
  int asked() {
    return asked.get();
  }

  /** Questions for its model. */
  int looked() {
    return looked.get();
  }

  /** Answers that somebody did not want to the end. */
  int brokenOff() {
    return brokenOff.get();
  }

  @Override
  public void close() {
    stalls = false;
    server.stop(0);
    threads.shutdownNow();
  }

  private void models(HttpExchange exchange) throws IOException {
    looked.incrementAndGet();
    try (exchange) {
      byte[] list =
          "{\"object\":\"list\",\"data\":[{\"object\":\"model\",\"permission\":[{\"a\":1.5}],\"id\":\"%s\"}]}"
              .formatted(model)
              .getBytes(UTF_8);
      exchange.sendResponseHeaders(200, list.length);
      exchange.getResponseBody().write(list);
    }
  }

  private void chat(HttpExchange exchange) throws IOException {
    if (chats) {
      answer(exchange, "\"delta\":{\"content\":\"one\"}");
    } else {
      refuse(exchange, 404);
    }
  }

  private void refuse(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private void answer(HttpExchange exchange, String piece) throws IOException {
    asked.incrementAndGet();
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      refuse(exchange, 500);
      return;
    }
    byte[] json = exchange.getRequestBody().readAllBytes();
    if (!isJson(json)) {
      refuse(exchange, 400);
      return;
    }
    try (exchange) {
      String body = new String(json, UTF_8);
      int prompt = number(CONTENT, body).length() / BYTES_PER_TOKEN;
      int output = Integer.parseInt(number(MOST, body));
      exchange.getResponseHeaders().set("content-type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      pause(baseMillis * NANOS_PER_MILLI + (long) (prompt / prefillTokensPerSecond * 1e9));
      stream(exchange.getResponseBody(), piece, prompt, output);
    } catch (IOException e) {
      brokenOff.incrementAndGet();
    }
  }

  private static boolean isJson(byte[] text) {
    try {
      JsonCursor cursor = new JsonCursor().reset(ByteSlice.of(text));
      cursor.skip();
      cursor.end();
      return true;
    } catch (MalformedJson e) {
      return false;
    }
  }

  private void stream(OutputStream out, String piece, int prompt, int output) throws IOException {
    for (int i = 0; i < output || stalls; i++) {
      if (i > 0) {
        pause(decodeMillis * NANOS_PER_MILLI);
      }
      send(out, "{\"id\":\"c\",\"choices\":[{\"index\":0," + piece + "}]}");
    }
    send(
        out,
        "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
            .formatted(prompt, output));
    send(out, "[DONE]");
  }

  private static void send(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(UTF_8));
    out.flush();
  }

  /** That is what it is told to take. */
  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    long left = nanos;
    while (left > 0) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
      left = end - System.nanoTime();
    }
  }

  private static String number(Pattern pattern, String body) {
    Matcher found = pattern.matcher(body);
    if (!found.find()) {
      throw new AssertionError(body);
    }
    return found.group(1);
  }
}
