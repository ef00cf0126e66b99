package dev.spillway.testkit.faulty;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a peer. One thread only reads, so that it sees the peer leave at once, whatever
 * the script is doing then.
 */
final class PeerConnection {
  /** The connection. */
  private final Socket socket;

  /** What is spoken over it: itself, or TLS. */
  private final Socket spoken;

  private final int number;
  private final BlockingQueue<Optional<IncomingRequest>> requests = new LinkedBlockingQueue<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private volatile @Nullable Turn current;
  private volatile boolean served;
  private volatile boolean closedHere;

  /**
   * One that was accepted.
   *
   * @param security how TLS is spoken over it; null for plain text
   */
  PeerConnection(Socket socket, @Nullable SSLContext security, int number) throws IOException {
    this.socket = socket;
    this.spoken = security == null ? socket : secured(socket, security);
    this.number = number;
  }

  private static Socket secured(Socket socket, SSLContext security) throws IOException {
    // Without autoClose the end of TLS is not the end of the connection: scripts choose which.
    boolean autoClose = false;
    SSLSocket secured =
        (SSLSocket) security.getSocketFactory().createSocket(socket, null, autoClose);
    secured.setUseClientMode(false);
    return secured;
  }

  int number() {
    return number;
  }

  /** Until the peer leaves, or this side closes. */
  void read() {
    try {
      InputStream in = new BufferedInputStream(spoken.getInputStream());
      for (IncomingRequest next = IncomingRequest.read(in);
          next != null;
          next = IncomingRequest.read(in)) {
        requests.add(Optional.of(next));
      }
    } catch (IOException _) {
      // A reset is leaving, too.
    } finally {
      Turn cancelled = current;
      if (cancelled != null && !closedHere) {
        cancelled.ended(Turn.Ending.CANCELLED);
      }
      left.countDown();
      requests.add(Optional.empty());
    }
  }

  /** The next request; null if none will come. */
  @Nullable IncomingRequest nextRequest() throws InterruptedException {
    return closedHere ? null : requests.take().orElse(null);
  }

  void play(Turn turn, Fault fault) throws InterruptedException {
    current = turn;
    served = true;
    try {
      if (left.getCount() == 0) {
        turn.ended(Turn.Ending.CANCELLED);
        return;
      }
      fault.act().play(turn);
      turn.ended(Turn.Ending.PLAYED);
    } catch (IOException _) {
      turn.ended(Turn.Ending.CANCELLED);
    } finally {
      current = null;
    }
  }

  void send(byte[] bytes) throws IOException {
    spoken.getOutputStream().write(bytes);
  }

  /** Whether the peer left within this time. */
  boolean awaitLeaving(Duration limit) throws InterruptedException {
    return left.await(limit.toNanos(), NANOSECONDS);
  }

  /** Whether it brought a request at all. */
  boolean hasServed() {
    return served;
  }

  boolean isOpen() {
    return !closedHere && left.getCount() > 0;
  }

  /** In good manner: over TLS with its close_notify. */
  void close() {
    closedHere = true;
    try (socket) {
      spoken.close();
    } catch (IOException _) {
      // Closed is what it was to be.
    }
  }

  /** Says that nothing more comes, by TLS alone if that is spoken, and stays open. */
  void endOutput() throws IOException {
    spoken.shutdownOutput();
  }

  /** Without a word of TLS. */
  void drop() {
    closedHere = true;
    try {
      socket.close();
    } catch (IOException _) {
      // Closed is what it was to be.
    }
  }

  void reset() {
    closedHere = true;
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // Closed is what it was to be.
    }
  }
}
