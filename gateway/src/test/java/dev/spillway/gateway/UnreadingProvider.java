package dev.spillway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
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
  private final AtomicLong came = new AtomicLong();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final SocketServer server;

  UnreadingProvider(SSLContext security) throws IOException {
    this.security = security;
    this.server = SocketServer.holding(HELD_BYTES, this::serve);
  }

  int port() {
    return server.port();
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
    server.close();
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    try (SSLSocket secured =
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
