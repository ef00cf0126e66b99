package dev.spillway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider that does what a test says, byte by byte: the n-th request gets the n-th script, and
 * any after the last script gets that one again.
 */
final class ScriptedProvider implements AutoCloseable {
  private final ServerSocket listening;
  private final List<Script> scripts;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<ReceivedMessage> requests = new ConcurrentLinkedQueue<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  ScriptedProvider(Script... scripts) throws IOException {
    this.scripts = List.of(scripts);
    this.listening = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** What came so far, in order. */
  List<ReceivedMessage> requests() {
    return List.copyOf(requests);
  }

  /** On which requests came; a hub may have opened more. */
  int connections() {
    return connections.get();
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
      ProviderConnection connection = new ProviderConnection(socket);
      ReceivedMessage first = connection.receive();
      if (first != null) {
        connections.incrementAndGet();
      }
      for (ReceivedMessage request = first;
          request != null;
          request = connection.isClosed() ? null : connection.receive()) {
        requests.add(request);
        scripts.get(Math.min(next.getAndIncrement(), scripts.size() - 1)).play(connection);
      }
    } catch (IOException | InterruptedException _) {
      // The hub left, or the test is over; what the hub made of it is the test's to see.
    } finally {
      open.remove(socket);
    }
  }
}
