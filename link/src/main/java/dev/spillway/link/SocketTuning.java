package dev.spillway.link;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What makes a link good over a long, lossy way: BBR, which a lost packet does not slow down, and
 * little waiting unsent in the kernel, so that what is urgent need not queue behind what is large.
 *
 * <p>Both ends do it: each side decides how it sends. Where the system has neither, the link works
 * without.
 */
public final class SocketTuning {
  private static final int UNSENT_BYTES = 128 << 10;
  private static final int TCP = 6;
  private static final int TCP_CONGESTION = 13;
  private static final int NAME_BYTES = 16;
  private static final ChannelOption<ByteBuffer> CONGESTION =
      new RawUnixChannelOption("SPILLWAY_TCP_CONGESTION", TCP, TCP_CONGESTION, NAME_BYTES);

  private SocketTuning() {}

  /** Tunes a connection, once it is there: until then, what a route says of it holds. */
  public static void apply(SocketChannel channel) {
    if (channel instanceof EpollSocketChannel epoll) {
      ByteBuffer bbr = ByteBuffer.allocateDirect(NAME_BYTES);
      bbr.put("bbr".getBytes(StandardCharsets.US_ASCII)).rewind();
      set(epoll, CONGESTION, bbr);
      set(epoll, EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES);
    }
  }

  private static <T> void set(EpollSocketChannel channel, ChannelOption<T> option, T value) {
    try {
      channel.config().setOption(option, value);
    } catch (ChannelException e) {
      // This kernel has it not, or not for us.
    }
  }
}
