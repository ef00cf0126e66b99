package dev.spillway.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * An engine of one connection, over which each stream begins and ends when the test says so; it
 * takes requests without a body.
 */
public final class StepwiseEngine implements AutoCloseable {
  private final ServerSocket server;
  private @Nullable Socket connection;
  private @Nullable BufferedReader requests;

  /** At a port of its own. */
  public StepwiseEngine() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** Where it is. */
  public int port() {
    return server.getLocalPort();
  }

  /** Awaits a request, and answers with a head and a part. */
  public void beginStream() throws IOException {
    BufferedReader from = requests;
    if (from == null) {
      connection = server.accept();
      from = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
      requests = from;
    }
    String line;
    do {
      line = from.readLine();
    } while (line != null && !line.isEmpty());
    write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n");
  }

  /** The end of what was begun. */
  public void endStream() throws IOException {
    write("0\r\n\r\n");
  }

  @Override
  public void close() throws IOException {
    try (server) {
      if (connection != null) {
        connection.close();
      }
    }
  }

  private void write(String text) throws IOException {
    if (connection != null) {
      connection.getOutputStream().write(text.getBytes(US_ASCII));
    }
  }
}
