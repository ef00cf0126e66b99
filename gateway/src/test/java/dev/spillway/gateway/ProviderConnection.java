package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** One connection of the hub to a scripted provider, as the provider sees it. */
final class ProviderConnection {
  private final Socket socket;
  private final InputStream in;

  ProviderConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  void send(String bytes) throws IOException {
    send(bytes.getBytes(UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** From now on the kernel holds little of what the hub does not take. */
  void holdLittle() throws IOException {
    HeldBack.provider(socket);
  }

  void close() throws IOException {
    socket.close();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  /** Waits until the hub closes; other bytes are thrown away. */
  void awaitLeaving() {
    try {
      while (in.read() >= 0) {
        // The hub has nothing to say before it leaves.
      }
    } catch (IOException _) {
      // A reset is leaving, too.
    }
  }

  /** A request's head and body; null if the hub closed instead. */
  @Nullable ReceivedMessage receive() throws IOException {
    return ReceivedMessage.read(in);
  }
}
