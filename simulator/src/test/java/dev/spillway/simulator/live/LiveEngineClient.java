package dev.spillway.simulator.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.core.model.ModelName;
import dev.spillway.simulator.engine.EngineProfile;
import dev.spillway.simulator.engine.StepTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Speaks to a live engine: by the JDK's client, or by bare sockets where it must see them. */
final class LiveEngineClient {
  static final String CHAT = "/v1/chat/completions";

  /** 2 ms an iteration and 1 ms a hundred prompt tokens. */
  private static final EngineProfile FAST =
      new EngineProfile(
          "fast",
          "none",
          "none",
          new StepTime(2_000, 10, 0, 1, 0),
          64,
          2_048,
          1_000,
          16_000,
          "test");

  static final LiveEngineConfig CONFIG = LiveEngineConfig.of(new ModelName("gpt-4o"), FAST);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Socket> sockets = new ArrayList<>();

  HttpResponse<String> get(LiveEngine engine, String path)
      throws IOException, InterruptedException {
    return http.send(request(engine, path).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> delete(LiveEngine engine, String path)
      throws IOException, InterruptedException {
    return http.send(request(engine, path).DELETE().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(LiveEngine engine, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(engine, path).POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** What follows {@code data: } in each event of the answer. */
  List<String> events(LiveEngine engine, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = post(engine, path, body);
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  /** Sends a request over a connection of its own; the answer is what comes to be read. */
  BufferedReader open(LiveEngine engine, String path, String body) throws IOException {
    return open(engine, List.of(request(path, body, "Connection: close")));
  }

  BufferedReader open(LiveEngine engine, List<String> requests) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), engine.port());
    sockets.add(socket);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(String.join("", requests).getBytes(UTF_8));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  /** A chat completion request with a prompt of five characters and more fields. */
  static String chat(String more) {
    return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
        + more
        + "}";
  }

  static String request(String path, String body, String headers) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
        + body.length()
        + "\r\n"
        + headers
        + "\r\n\r\n"
        + body;
  }

  /** Asks for the metrics until they have this line. */
  void awaitMetric(LiveEngine engine, String line) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String page;
    do {
      page = get(engine, "/metrics").body();
    } while (!page.contains(line) && System.nanoTime() < deadline);
    if (!page.contains(line)) {
      throw new AssertionError("after " + PATIENCE + " still no " + line + " in\n" + page);
    }
  }

  void close() {
    http.close();
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static HttpRequest.Builder request(LiveEngine engine, String path) {
    URI uri = URI.create("http://127.0.0.1:" + engine.port() + path);
    return HttpRequest.newBuilder(uri).timeout(PATIENCE);
  }
}
