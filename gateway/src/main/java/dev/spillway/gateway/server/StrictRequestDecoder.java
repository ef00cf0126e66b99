package dev.spillway.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Reads requests and takes none that two readers could frame differently: a proxy before us may
 * read the other way, and what it takes for a body would be a request here.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
  /** Of a request or of a chunk. */
  static final int LONGEST_LINE = 8 << 10;

  private static final int LONGEST_CHUNK = 64 << 10;

  private static final HttpHeadersFactory NO_TRAILERS =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return EmptyHttpHeaders.INSTANCE;
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return EmptyHttpHeaders.INSTANCE;
        }
      };

  private final LastHead lastHead;
  private final HeadLines lines = new HeadLines();
  private boolean lineRead;
  private boolean isBetweenRequests = true;
  private boolean isHeadDue = true;
  private boolean refused;
  private int bodyBytesLeft;

  StrictRequestDecoder(int maxHeaderBytes) {
    super(
        new HttpDecoderConfig()
            .setHeadersFactory(StrictHeaders.FACTORY)
            .setTrailersFactory(StrictHeaders.FACTORY)
            .setMaxInitialLineLength(LONGEST_LINE)
            .setMaxHeaderSize(maxHeaderBytes)
            .setMaxChunkSize(LONGEST_CHUNK));
    lastHead = new LastHead(maxHeaderBytes);
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
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (bodyBytesLeft > 0) {
      out.add(body(in));
      return;
    }
    boolean begins = isBetweenRequests;
    if (begins) {
      HeadLikeBefore again = lastHead.read(in);
      if (again != null) {
        out.add(again);
        bodyBytesLeft = again.bodyBytes();
        return;
      }
      lastHead.forget(); // the one that is read now is the last
    }
    if (refused || (isHeadDue && lines.areTooMany(in))) {
      refuse(in, out);
      return;
    }
    int from = in.readerIndex();
    super.decode(ctx, in, out);
    isBetweenRequests = false;
    if (out.isEmpty()) {
      if (lines.areTooMany(in, from)) {
        refuse(in, out);
      }
      return;
    }
    lines.forget();
    Object last = out.getLast();
    isBetweenRequests = last instanceof LastHttpContent end && end.decoderResult().isSuccess();
    isHeadDue = isBetweenRequests;
    if (begins && last instanceof HttpRequest head && head.decoderResult().isSuccess()) {
      lastHead.remember(in, from, in.readerIndex(), HttpUtil.getContentLength(head, -1L));
    }
  }

  /** What comes behind cannot be trusted, and is not read. */
  private void refuse(ByteBuf in, List<Object> out) {
    in.skipBytes(in.readableBytes());
    if (!refused) {
      refused = true;
      HttpMessage unread = createInvalidMessage();
      unread.setDecoderResult(DecoderResult.failure(new StrictHeaders.TooManyLines()));
      out.add(unread);
    }
  }

  /** The next piece of a body whose head was not the codec's to read. */
  private HttpContent body(ByteBuf in) {
    int here = Math.min(bodyBytesLeft, in.readableBytes());
    bodyBytesLeft -= here;
    ByteBuf piece = in.readRetainedSlice(here);
    return bodyBytesLeft == 0
        ? new DefaultLastHttpContent(piece, NO_TRAILERS)
        : new DefaultHttpContent(piece);
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) throws Exception {
    lineRead = true;
    lines.begin();
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
