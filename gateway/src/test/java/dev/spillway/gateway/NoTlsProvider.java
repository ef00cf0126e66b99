package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * What listens where a provider should that speaks TLS, and does not: as soon as a byte came on a
 * connection it says one thing, or nothing at all, and keeps all that comes.
 */
final class NoTlsProvider implements AutoCloseable {
  private final String says;
  private final ByteArrayOutputStream came = new ByteArrayOutputStream();
  private final SocketServer server;

  private NoTlsProvider(String says) throws IOException {
    this.says = says;
    this.server = new SocketServer(this::serve);
  }

  /** A handshake with this one never ends. */
  static NoTlsProvider silent() throws IOException {
    return new NoTlsProvider("");
  }

  static NoTlsProvider saying(String bytes) throws IOException {
    return new NoTlsProvider(bytes);
  }

  int port() {
    return server.port();
  }

  /** All that came so far on all connections, a character a byte. */
  String came() {
    synchronized (came) {
      return came.toString(ISO_8859_1);
    }
  }

  /** Those that are open. */
  int connections() {
    return server.connections();
  }

  @Override
  public void close() {
    server.close();
  }

  private void serve(Socket socket) throws IOException {
    byte[] buffer = new byte[16 << 10];
    InputStream in = socket.getInputStream();
    boolean said = false;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      synchronized (came) {
        came.write(buffer, 0, count);
      }
      if (!said) {
        said = true;
        socket.getOutputStream().write(says.getBytes(ISO_8859_1));
      }
    }
  }
}
