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

/**
 * A TCP relay on this machine that can hold connections open and carry nothing: to both ends the
 * other is silent, as if packets were dropped somewhere between them.
 *
 * <p>Two virtual threads a connection.
 */
public final class Relay implements AutoCloseable {
  private static final int BUFFER = 16 << 10;

  private final ServerSocket listening;
  private final int to;
  private final List<Passage> passages = new CopyOnWriteArrayList<>();
  private volatile boolean refusing;

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
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
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
