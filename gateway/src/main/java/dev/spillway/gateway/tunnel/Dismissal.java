package dev.spillway.gateway.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.wire.link.LinkNames;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;

/** The end of a link whose agent is not admitted, in a word that its operator gets to read. */
final class Dismissal {
  private Dismissal() {}

  /** Says so and closes the connection with all its streams; any thread. */
  static void of(Channel link) {
    link.writeAndFlush(
        new DefaultHttp2GoAwayFrame(
            Http2Error.REFUSED_STREAM, Unpooled.copiedBuffer(LinkNames.REVOKED, US_ASCII)));
    link.close();
  }
}
