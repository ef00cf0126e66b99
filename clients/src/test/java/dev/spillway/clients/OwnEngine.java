package dev.spillway.clients;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A server of llama.cpp that a test starts for itself, with flags of its own: the command that
 * {@value #COMMAND} names, which says the program and the model, such as {@code llama-server -m
 * small.gguf}.
 */
final class OwnEngine implements AutoCloseable {
  static final String COMMAND = "SPILLWAY_ENGINE_COMMAND";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int OK = 200;
  private static final int LOADING = 503;

  private final Process process;
  private final int port;

  private OwnEngine(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one and waits until its model is there. */
  static OwnEngine started(String... flags) throws Exception {
    OwnEngine engine = loading(freePort(), flags);
    try {
      engine.awaitReady();
    } catch (Exception e) {
      engine.close();
      throw e;
    }
    return engine;
  }

  /** Starts one and waits until it listens, and says that it loads its model. */
  static OwnEngine loading(int port, String... flags) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Objects.requireNonNull(System.getenv(COMMAND)).split(" ")));
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of(flags));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    OwnEngine engine = new OwnEngine(process, port);
    engine.await(LOADING);
    return engine;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  void awaitReady() throws Exception {
    await(OK);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** One that has loaded before it was asked is past what was waited for. */
  private void await(int status) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int seen = health();
    while (seen != status && seen != OK) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            url() + "/health answered " + seen + " (expected: " + status + "); see its flags");
      }
      Thread.sleep(20); // it says by nothing but this page that it has loaded
      seen = health();
    }
  }

  /** The status; 0 while nobody listens. */
  private int health() throws InterruptedException {
    try {
      HttpRequest ask = HttpRequest.newBuilder(URI.create(url() + "/health")).build();
      return CLIENT.send(ask, BodyHandlers.discarding()).statusCode();
    } catch (IOException _) {
      return 0;
    }
  }
}
