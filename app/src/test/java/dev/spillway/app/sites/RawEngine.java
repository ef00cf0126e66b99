package dev.spillway.app.sites;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/**
 * An engine whose answers are bytes that a test chose, with whatever framing and whatever end; it
 * is idle by its metrics, and does not say what it serves.
 */
final class RawEngine implements AutoCloseable {
  private static final String IDLE =
      """
      vllm:num_requests_running{model_name="gpt-4o"} 0.0
      vllm:num_requests_waiting{model_name="gpt-4o"} 0.0
      vllm:kv_cache_usage_perc{model_name="gpt-4o"} 0.0
      """;

  private final ServerSocket server;
  private final Script script;

  /** What it does with a request once that is read; the connection is closed if it throws. */
  interface Script {
    void answer(Socket connection) throws IOException, InterruptedException;
  }

  private RawEngine(Script script) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.script = script;
  }

  static RawEngine start(Script script) throws IOException {
    RawEngine engine = new RawEngine(script);
    Thread.ofVirtual().name("raw-engine").start(engine::accept);
    return engine;
  }

  /** Always these bytes, after which the connection goes on. */
  static RawEngine saying(String answer) throws IOException {
    return start(connection -> write(connection, answer));
  }

  static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** Ends a connection as one does who died: without a FIN. */
  static void reset(Socket connection) throws IOException {
    connection.setSoLinger(true, 0);
    connection.close();
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // It was closed: nobody is served any more.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream from = new BufferedInputStream(connection.getInputStream());
      String head = head(from);
      while (!head.isEmpty()) {
        from.skipNBytes(length(head));
        if (head.startsWith("GET /metrics")) {
          write(
              connection,
              "HTTP/1.1 200 OK\r\ncontent-length: " + IDLE.length() + "\r\n\r\n" + IDLE);
        } else if (head.startsWith("GET ")) {
          write(connection, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        } else {
          script.answer(connection);
        }
        head = head(from);
      }
    } catch (IOException e) {
      // The other end left, or the script ended it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty if nothing comes any more. */
  private static String head(InputStream from) throws IOException {
    StringBuilder head = new StringBuilder();
    int next = from.read();
    while (next >= 0) {
      head.append((char) next);
      if (head.length() > 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        return head.toString();
      }
      next = from.read();
    }
    return "";
  }

  private static int length(String head) {
    for (String line : head.toLowerCase(Locale.ROOT).split("\r\n", -1)) {
      if (line.startsWith("content-length:")) {
        return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return 0;
  }
}
