package dev.spillway.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;

/**
 * When the kernel acknowledges what a stream brings (TCP_QUICKACK).
 *
 * <p>A server that does not send each write at once (Nagle's algorithm; TCP_NODELAY is off unless
 * somebody sets it) keeps a chunk back until the one before is acknowledged; and a kernel that has
 * just sent a request puts acknowledgements off, by 40 ms, hoping that they can travel with the
 * next. Together: the first token 40 ms late, and tokens in pairs. So where a server is not known
 * to send at once, all is acknowledged at once; where it is, that would be for nothing, and costs
 * both sides a packet for each chunk.
 */
public final class Acknowledgements {
  private Acknowledgements() {}

  /** Until the next request on this connection; elsewhere than on Linux the system decides. */
  public static void ofStream(Channel connection, boolean sentAtOnce) {
    ChannelConfig config = connection.config();
    try {
      if (!config.setOption(EpollChannelOption.TCP_QUICKACK, !sentAtOnce)) {
        config.setOption(IoUringChannelOption.TCP_QUICKACK, !sentAtOnce);
      }
    } catch (ChannelException e) {
      // It is closed already.
    }
  }
}
