package dev.spillway.gateway.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Clients that end their side of a connection and wait for their answer.
 *
 * <p>Only over Linux's epoll, whose channels can tell whether the other side is gone after all, and
 * without TLS, which has its own end. Elsewhere, to end one's side is to leave.
 */
final class HalfClosing {
  /** {@code TCP_CLOSE} of the kernel's include/net/tcp_states.h: nobody is there any more. */
  private static final int CLOSED = 7;

  private static final long FIRST_LOOK_MILLIS = 10;
  private static final long LAST_LOOKS_MILLIS = 250;

  private HalfClosing() {}

  /** Keeps the connection of a client that ends its side, where that can be had. */
  static void allow(Channel channel) {
    if (channel instanceof EpollSocketChannel && channel.pipeline().get(SslHandler.class) == null) {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
  }

  /**
   * Closes the channel of a client that ended its side, and whose system answers by a reset: of
   * that, such a channel says nothing, and wakes its loop until it is closed.
   *
   * <p>Who leaves may be between the end of its side and that of the other for a moment, as sockets
   * of the JDK are, and read what is sent to it there. So one knock is not enough.
   *
   * @param knock sends what the client overlooks, now and whenever it is looked for
   */
  static void closeWhenReset(Channel channel, Runnable knock) {
    knock.run();
    lookIn(channel, knock, FIRST_LOOK_MILLIS);
  }

  private static void lookIn(Channel channel, Runnable knock, long millis) {
    channel.eventLoop().schedule(() -> look(channel, knock, millis), millis, MILLISECONDS);
  }

  private static void look(Channel channel, Runnable knock, long waitedMillis) {
    if (!channel.isActive()) {
      return;
    }
    if (channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() == CLOSED) {
      channel.close();
    } else {
      knock.run();
      lookIn(channel, knock, Math.min(2 * waitedMillis, LAST_LOOKS_MILLIS));
    }
  }
}
