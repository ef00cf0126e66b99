package dev.spillway.gateway;

import dev.spillway.gateway.GatewayConfig.Transport;
import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of sockets of one transport, and what drives them.
 *
 * @param driver of each event loop
 * @param server accepts clients
 * @param client goes to deployments
 * @param datagram asks for names
 * @param settleMillis how long the kernel may still own buffers of a socket that was closed
 */
record Sockets(
    IoHandlerFactory driver,
    Class<? extends ServerChannel> server,
    Class<? extends Channel> client,
    Class<? extends DatagramChannel> datagram,
    int settleMillis) {

  /** So many are dealt with before what they wrote goes out. */
  private static final int EVENTS_A_PASS = 64;

  /**
   * Those of a transport.
   *
   * @throws IOException if this machine does not have it, or does not permit it
   */
  static Sockets of(Transport transport) throws IOException {
    return switch (transport) {
      case AUTO -> Epoll.isAvailable() ? epoll() : nio();
      case EPOLL -> {
        require(Epoll.unavailabilityCause(), "epoll");
        yield epoll();
      }
      case IO_URING -> {
        require(IoUring.unavailabilityCause(), "io-uring");
        yield ioUring();
      }
      case NIO -> nio();
    };
  }

  private static Sockets epoll() {
    return new Sockets(
        EpollIoHandler.newFactory(EVENTS_A_PASS, DefaultSelectStrategyFactory.INSTANCE),
        EpollServerSocketChannel.class,
        EpollSocketChannel.class,
        EpollDatagramChannel.class,
        0);
  }

  private static Sockets ioUring() {
    return new Sockets(
        IoUringIoHandler.newFactory(),
        IoUringServerSocketChannel.class,
        IoUringSocketChannel.class,
        IoUringDatagramChannel.class,
        100);
  }

  private static Sockets nio() {
    return new Sockets(
        NioIoHandler.newFactory(),
        NioServerSocketChannel.class,
        NioSocketChannel.class,
        NioDatagramChannel.class,
        0);
  }

  private static void require(@Nullable Throwable unavailable, String name) throws IOException {
    if (unavailable != null) {
      throw new IOException(
          "listen.transport: "
              + name
              + " is not to be had on this machine: "
              + unavailable.getMessage()
              + " (auto takes what is there)",
          unavailable);
    }
  }
}
