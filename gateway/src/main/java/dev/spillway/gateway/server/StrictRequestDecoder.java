package dev.spillway.gateway.server;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Reads requests and takes none that two readers could frame differently: a proxy before us may
 * read the other way, and what it takes for a body would be a request here.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  /** Of a request or of a chunk. */
  static final int LONGEST_LINE = 8 << 10;

  private static final int LONGEST_CHUNK = 64 << 10;

  private boolean lineRead;

  StrictRequestDecoder(int maxHeaderBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_LINE)
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
    initialLine[1] = originForm(initialLine[1]);
    HttpMessage message = super.createMessage(initialLine);
    HttpVersion version = message.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      throw new IllegalArgumentException("neither HTTP/1.1 nor HTTP/1.0");
    }
    return message;
  }

  /** RFC 9112, 3.2.2: who believes that we are a proxy names us in its target; we are all hosts. */
  private static String originForm(String target) {
    if (!target.regionMatches(true, 0, "http://", 0, 7)
        && !target.regionMatches(true, 0, "https://", 0, 8)) {
      return target;
    }
    int path = target.indexOf('/', target.indexOf("//") + 2);
    return path < 0 ? "/" : target.substring(path);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both content-length and transfer-encoding");
  }
}
