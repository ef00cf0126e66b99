package dev.spillway.gateway.server;

import dev.spillway.gateway.auth.LastKey;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * What a request comes on and its answer goes out on: a connection of HTTP/1.1, or one stream of
 * HTTP/2. Event loop only.
 */
interface Carrier {
  /** Where answers are written to; closing it closes the carrier. */
  ChannelHandlerContext context();

  /** The way to the client past the handlers; null if there is none. */
  @Nullable StraightPath straight();

  /** Who came over its connection last. */
  LastKey lastKey();

  /** The request is here to its end: the client is not waited for any more. */
  void received();

  /**
   * The answer is on its way to its end.
   *
   * @param written done when its last byte went out
   */
  void answered(ChannelFuture written, Then then);

  /**
   * The answer is on its way while the request still comes, which nobody wants any more.
   *
   * @param written done when its last byte went out
   */
  void answeredEarly(ChannelFuture written);

  /** The answer ends where it is, which is not its end: its framing must say so. */
  void cut();

  /** What becomes of the carrier after an answer. */
  enum Then {
    KEEP,
    CLOSE
  }
}
