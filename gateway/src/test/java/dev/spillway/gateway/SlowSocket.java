package dev.spillway.gateway;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** A client's end of a connection that gives what came at a pace: so much, then a pause. */
final class SlowSocket extends Socket {
  /** Small, so that what is not read stays with the hub. */
  private static final int RECEIVE_BUFFER = 64 << 10;

  private static final int AT_ONCE = 1 << 20;
  private static final long PAUSE_MILLIS = 100;

  SlowSocket(TestHub hub) throws IOException {
    setReceiveBufferSize(RECEIVE_BUFFER);
    connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), hub.port()));
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Paced(super.getInputStream());
  }

  private static final class Paced extends FilterInputStream {
    private int left = AT_ONCE;

    Paced(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        pause();
        left = AT_ONCE;
      }
      int read = super.read(bytes, offset, Math.min(length, left));
      left -= Math.max(read, 0);
      return read;
    }

    private static void pause() throws IOException {
      try {
        if (new CountDownLatch(1).await(PAUSE_MILLIS, MILLISECONDS)) {
          throw new AssertionError("nobody counts this down");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
  }
}
