package dev.spillway.gateway.server;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Reads requests and takes none that two readers could frame differently: a proxy before us may
 * read the other way, and what it takes for a body would be a request here.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  private static final int LONGEST_REQUEST_LINE = 8 << 10;
  private static final int LONGEST_CHUNK = 64 << 10;

  private boolean lineRead;

  StrictRequestDecoder(int maxHeaderBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
            .setMaxHeaderSize(maxHeaderBytes)
            .setMaxChunkSize(LONGEST_CHUNK));
  }

  /** Whether a part of a head has come, asked while no request is being read. */
  boolean isWithinHead() {
    return lineRead || actualReadableBytes() > 0;
  }

  /** The head whose line was read is here. */
  void headRead() {
    lineRead = false;
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) throws Exception {
    lineRead = true;
    return super.createMessage(initialLine);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both content-length and transfer-encoding");
  }
}
