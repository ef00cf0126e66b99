package dev.spillway.gateway.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Reads answers and takes none that two readers could frame differently: whoever can make a
 * provider send one could otherwise smuggle an answer into somebody else's connection.
 */
final class StrictResponseDecoder extends HttpResponseDecoder {
  private static final int LONGEST_STATUS_LINE = 4 << 10;
  private static final int LONGEST_HEAD = 64 << 10;
  private static final int LONGEST_CHUNK = 64 << 10;

  StrictResponseDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_STATUS_LINE)
            .setMaxHeaderSize(LONGEST_HEAD)
            .setMaxChunkSize(LONGEST_CHUNK));
  }

  /** Whether bytes are here that belong to no answer that was read. */
  boolean hasUnread() {
    return actualReadableBytes() > 0;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both content-length and transfer-encoding");
  }
}
