package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What listens where a provider should that speaks TLS, and does not: as soon as a byte came on a
 * connection it says one thing, or nothing at all, and keeps all that comes.
 */
final class NoTlsProvider implements AutoCloseable {
  private final ServerSocket listening;
  private final String says;
  private final ByteArrayOutputStream came = new ByteArrayOutputStream();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private NoTlsProvider(String says) throws IOException {
    this.says = says;
    this.listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /** A handshake with this one never ends. */
  static NoTlsProvider silent() throws IOException {
    return new NoTlsProvider("");
  }

  static NoTlsProvider saying(String bytes) throws IOException {
    return new NoTlsProvider(bytes);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** All that came so far on all connections, a character a byte. */
  String came() {
    synchronized (came) {
      return came.toString(ISO_8859_1);
    }
  }

  /** Those that are open. */
  int connections() {
    return open.size();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        open.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket socket) {
    byte[] buffer = new byte[16 << 10];
    try (socket) {
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
    } catch (IOException _) {
      // The hub left, or the test is over.
    } finally {
      open.remove(socket);
    }
  }
}
