package dev.spillway.testkit.faulty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible server on a loopback port: plain sockets, or TLS over them, HTTP/1.1,
 * virtual threads. It answers chat requests as {@link WordEngine} would, until it is told to do
 * something else.
 *
 * <p>What it saw is in its {@link #turns}. A body that is no chat request closes the connection.
 */
public final class FaultyProvider implements AutoCloseable {
  private static final int BACKLOG = 1_024;
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final String name;
  private final ServerSocket listening;
  private final @Nullable SSLContext security;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<PeerConnection> open = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final List<Turn> turns = new CopyOnWriteArrayList<>();
  private volatile List<Fault> script = List.of(Fault.NONE);
  private @Nullable Supplier<Fault> forgetful;
  private volatile int unsentBytes;

  private FaultyProvider(String name, InetAddress address, int port, @Nullable SSLContext security)
      throws IOException {
    this.name = name;
    this.listening = new ServerSocket(port, BACKLOG, address);
    this.security = security;
    Thread.startVirtualThread(this::accept);
  }

  /** One that answers well; the name is its model's, and in the ids of its answers. */
  public static FaultyProvider start(String name) throws IOException {
    return start(name, InetAddress.getLoopbackAddress(), 0);
  }

  /** The same, where peers on other machines can reach it. */
  public static FaultyProvider start(String name, InetAddress address, int port)
      throws IOException {
    return new FaultyProvider(name, address, port, null);
  }

  /** The same on a loopback port, where TLS is spoken as this says. */
  public static FaultyProvider start(String name, SSLContext security) throws IOException {
    return new FaultyProvider(name, InetAddress.getLoopbackAddress(), 0, security);
  }

  /** A port on which nobody listens. */
  public static int closedPort() throws IOException {
    try (ServerSocket briefly = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return briefly.getLocalPort();
    }
  }

  /**
   * What it does from now on: the n-th request that comes gets the n-th fault, any after the last
   * gets that one again.
   */
  public void will(Fault... faults) {
    lock.lock();
    try {
      turns.clear();
      script = List.of(faults);
    } finally {
      lock.unlock();
    }
  }

  /** The same without end, for so many requests that none of them is remembered. */
  public void willForget(Supplier<Fault> next) {
    lock.lock();
    try {
      turns.clear();
      forgetful = next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * How much the kernel holds of what a peer does not read, of connections from now on; what it
   * would hold by itself is memory that peers on the same machine lack.
   */
  public void willHold(int bytes) {
    unsentBytes = bytes;
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  /** The requests that came since it was last told what to do, in order. */
  public List<Turn> turns() {
    return List.copyOf(turns);
  }

  /** Waits for a request, the first of which is 0; throws if it takes more than 10 s. */
  public Turn awaitTurn(int index) throws InterruptedException {
    long left = PATIENCE_NANOS;
    lock.lock();
    try {
      while (turns.size() <= index) {
        if (left <= 0) {
          throw new AssertionError(name + " got " + turns.size() + " requests, not " + (index + 1));
        }
        left = came.awaitNanos(left);
      }
      return turns.get(index);
    } finally {
      lock.unlock();
    }
  }

  /** Connections that were ever opened. */
  public int connections() {
    return connections.get();
  }

  /** Connections that brought a request and are open now. */
  public int openConnections() {
    return (int) open.stream().filter(each -> each.hasServed() && each.isOpen()).count();
  }

  /** Whether all connections that brought a request are closed within 10 s. */
  public boolean isLeftAlone() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (PeerConnection each : open) {
      if (each.hasServed()
          && !each.awaitLeaving(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        return false;
      }
    }
    return true;
  }

  /** Stops listening and drops every connection. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(PeerConnection::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        if (unsentBytes > 0) {
          socket.setSendBufferSize(unsentBytes);
        }
        PeerConnection connection =
            new PeerConnection(socket, security, connections.incrementAndGet());
        open.add(connection);
        Thread.startVirtualThread(connection::read);
        Thread.startVirtualThread(() -> serve(connection));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(PeerConnection connection) {
    try {
      int onConnection = 0;
      for (IncomingRequest next = connection.nextRequest();
          next != null;
          next = connection.nextRequest()) {
        Turn turn = new Turn(connection, next, ++onConnection, name);
        connection.play(turn, taken(turn));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      connection.close();
      open.remove(connection);
    }
  }

  private Fault taken(Turn turn) {
    lock.lock();
    try {
      if (forgetful != null) {
        return forgetful.get();
      }
      Fault fault = script.get(Math.min(turns.size(), script.size() - 1));
      turns.add(turn);
      came.signalAll();
      return fault;
    } finally {
      lock.unlock();
    }
  }
}
