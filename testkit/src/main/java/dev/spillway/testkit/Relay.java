package dev.spillway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP relay on this machine that can hold connections open and carry nothing: to both ends the
 * other is silent, as if packets were dropped somewhere between them.
 *
 * <p>Two virtual threads a connection.
 */
public final class Relay implements AutoCloseable {
  /** As fast as this machine can. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  private static final int BUFFER = 16 << 10;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long LOOK_NANOS = 1_000_000;

  private final ServerSocket listening;
  private final int to;
  private final List<Passage> passages = new CopyOnWriteArrayList<>();
  private volatile boolean refusing;
  private volatile int pace = UNBOUNDED;

  private Relay(ServerSocket listening, int to) {
    this.listening = listening;
    this.to = to;
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  /** To a port of this machine. */
  public static Relay to(int port) {
    try {
      return new Relay(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Connections that are open. */
  public int connections() {
    return passages.size();
  }

  /** Every connection carries so many bytes a second from now on, each way, what waits as well. */
  public void carries(int bytesPerSecond) {
    pace = bytesPerSecond;
  }

  /** It takes little more than it has carried on, of connections that are made from now on. */
  public void narrows() {
    try {
      listening.setReceiveBufferSize(BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The connection that was made at this place in order carries nothing from now on. */
  public void silence(int index) {
    passages.get(index).silent = true;
  }

  /** The network is gone: what is open carries nothing, and nothing new comes up. */
  public void cut() {
    refusing = true;
    passages.forEach(each -> each.silent = true);
  }

  /** The network is back; what was open is lost. */
  public void mend() {
    refusing = false;
    passages.forEach(Passage::close);
  }

  @Override
  public void close() {
    close(listening);
    passages.forEach(Passage::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        if (refusing) {
          close(near);
        } else {
          Passage passage = new Passage(near, new Socket(InetAddress.getLoopbackAddress(), to));
          passages.add(passage);
          passage.start();
        }
      }
    } catch (IOException e) {
      close(); // told to stop, or there is nothing to relay to
    }
  }

  /** At a time: what a tenth of a second carries. */
  private int most() {
    return Math.clamp(pace / 10, 1, BUFFER);
  }

  /** As long as so many bytes take, at the pace of then. */
  private void waitFor(int bytes) {
    long since = System.nanoTime();
    while (pace != UNBOUNDED
        && !listening.isClosed()
        && (System.nanoTime() - since) / NANOS_PER_SECOND * pace < bytes) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket cannot be closed", e);
    }
  }

  private final class Passage {
    private final Socket near;
    private final Socket far;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean silent;

    Passage(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void start() {
      Thread.ofVirtual().name("relay").start(() -> carry(near, far));
      Thread.ofVirtual().name("relay").start(() -> carry(far, near));
    }

    void close() {
      passages.remove(this);
      closed.countDown();
      Relay.close(near);
      Relay.close(far);
    }

    private void carry(Socket from, Socket into) {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = into.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer, 0, most())) {
          waitFor(n);
          if (!silent) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // closed here or there; the end of it either way
      }
      end();
    }

    /** An end is not told to the other side while the network is gone. */
    private void end() {
      if (silent) {
        try {
          closed.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      close();
    }
  }
}
