package dev.spillway.gateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * What a client has not taken yet of an answer that is written to its end, looked at now and then:
 * one that takes its time is not one that takes nothing.
 *
 * <p>Event loop only.
 */
final class Untaken {
  private long bytes;

  /**
   * All of another answer. How much that is does not matter: some of it is in the systems between
   * at the first look, whatever the client does.
   */
  void begin() {
    bytes = Long.MAX_VALUE;
  }

  /** Looks; whether there is less than at the look before, and some still. */
  boolean shrank(Channel to) {
    long before = bytes;
    bytes = bytes(to);
    return bytes > 0 && bytes < before;
  }

  /**
   * A connection counts a buffer until all of it is sent, and what of the first one is sent beside
   * it. A stream of HTTP/2 counts its frames, and tells it by how far it is from its marks.
   */
  private static long bytes(Channel to) {
    ChannelOutboundBuffer connection = to.unsafe().outboundBuffer();
    if (connection != null) {
      return connection.totalPendingWriteBytes() - connection.currentProgress();
    }
    return to.isWritable()
        ? Math.max(0, to.config().getWriteBufferHighWaterMark() + 1 - to.bytesBeforeUnwritable())
        : to.bytesBeforeWritable() + to.config().getWriteBufferLowWaterMark() - 1;
  }
}
