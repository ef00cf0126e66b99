package dev.spillway.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A provider that is held back, since its client takes nothing: how far it gets.
 *
 * <p>Left to themselves, the kernels on the way hold megabytes; here both ends are told to hold
 * little, so that what is sent is mostly what the hub took.
 */
final class HeldBack {
  /**
   * What may be sent of an answer that nobody takes: in the hub 32 KiB and a read, at each end the
   * 16 KiB that are asked for, which the kernel doubles, and what it holds at the hub's two
   * sockets; a quarter of this is usual.
   */
  static final long MOST_BYTES = 2 << 20;

  private static final int KERNEL_BYTES = 16 << 10;

  private HeldBack() {}

  /** A client's end of a connection, where little waits that it does not read. */
  static Socket client(TestHub hub) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(KERNEL_BYTES);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), hub.port()));
    return socket;
  }

  /** From now on little waits at the provider's end of this connection. */
  static void provider(Socket socket) throws IOException {
    socket.setSendBufferSize(KERNEL_BYTES);
  }
}
