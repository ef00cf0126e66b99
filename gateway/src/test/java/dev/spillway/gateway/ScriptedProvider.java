package dev.spillway.gateway;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider that does what a test says, byte by byte: the n-th request gets the n-th script, and
 * any after the last script gets that one again.
 */
final class ScriptedProvider implements AutoCloseable {
  private final List<Script> scripts;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<ReceivedMessage> requests = new ConcurrentLinkedQueue<>();
  private final SocketServer server;

  ScriptedProvider(Script... scripts) throws IOException {
    this.scripts = List.of(scripts);
    this.server = new SocketServer(this::serve);
  }

  int port() {
    return server.port();
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
    server.close();
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
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
  }
}
