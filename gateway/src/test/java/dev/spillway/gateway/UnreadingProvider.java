package dev.spillway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A provider over TLS that reads the first byte of a request, and the rest when it is told; it
 * never answers.
 */
final class UnreadingProvider implements AutoCloseable {
  /** The kernel is to hold little of what is not read. */
  private static final int HELD_BYTES = 16 << 10;

  private final SSLContext security;
  private final ServerSocket listening = new ServerSocket();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong came = new AtomicLong();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  UnreadingProvider(SSLContext security) throws IOException {
    this.security = security;
    listening.setReceiveBufferSize(HELD_BYTES);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void awaitRequest() throws InterruptedException {
    await(begun, "no request came");
  }

  /** Reads what there is until the hub closes; how many bytes that were in all. */
  long readRest() throws InterruptedException {
    told.countDown();
    await(ended, "the hub did not close");
    return came.get();
  }

  @Override
  public void close() {
    told.countDown();
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
    try (socket;
        SSLSocket secured =
            (SSLSocket) security.getSocketFactory().createSocket(socket, null, true)) {
      secured.setUseClientMode(false);
      InputStream in = secured.getInputStream();
      if (in.read() >= 0) {
        came.incrementAndGet();
        begun.countDown();
        told.await();
        readAll(in);
        ended.countDown();
      }
    } catch (IOException | InterruptedException _) {
      // The test is over.
    } finally {
      open.remove(socket);
    }
  }

  private void readAll(InputStream in) {
    byte[] buffer = new byte[64 << 10];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        came.addAndGet(count);
      }
    } catch (IOException _) {
      // Broken off is an end, too.
    }
  }

  private static void await(CountDownLatch event, String otherwise) throws InterruptedException {
    if (!event.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError(otherwise + " within 10 s");
    }
  }
}
