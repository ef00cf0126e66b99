package dev.spillway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port on which each connection is served by a thread of its own, and closed behind it. */
final class SocketServer implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final ServerSocket listening = new ServerSocket();
  private final Serving serving;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** What is done on one connection. */
  @FunctionalInterface
  interface Serving {
    /** That it fails is no failure: the hub left, or the test is over. */
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  /** One that begins at once. */
  SocketServer(Serving serving) throws IOException {
    this(serving, 0);
  }

  private SocketServer(Serving serving, int heldBytes) throws IOException {
    this.serving = serving;
    if (heldBytes > 0) {
      listening.setReceiveBufferSize(heldBytes);
    }
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    Thread.startVirtualThread(this::accept);
  }

  /** One for which the kernel holds about so many bytes of what is not read. */
  static SocketServer holding(int bytes, Serving serving) throws IOException {
    return new SocketServer(serving, bytes);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Those that are open. */
  int connections() {
    return open.size();
  }

  /** Stops listening and drops every connection. */
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
    try (socket) {
      serving.serve(socket);
    } catch (IOException | InterruptedException _) {
      // What the hub made of it is the test's to see.
    } finally {
      open.remove(socket);
    }
  }
}
