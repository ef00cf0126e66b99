package dev.spillway.gateway;

import dev.spillway.gateway.GatewayConfig.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
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
import io.netty.util.concurrent.DefaultThreadFactory;
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

  /**
   * What the kernel holds of what a client does not take yet; without this it holds as much as it
   * once was quick to take, up to 4 MB. Those who take it wait for none of it: what is under way to
   * them is not counted.
   */
  private static final long UNSENT_BYTES = 32 << 10;

  /** So many are dealt with before what they wrote goes out. */
  private static final int EVENTS_A_PASS = 64;

  /** So many event loops that drive them; operators see their threads by this name. */
  EventLoopGroup loops(int count) {
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory("event-loop", Thread.MAX_PRIORITY), driver);
  }

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

  /** Bounds what the kernel holds for clients who do not read, where the transport can. */
  void holdLittle(ServerBootstrap clients) {
    if (server == EpollServerSocketChannel.class) {
      clients.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    }
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
