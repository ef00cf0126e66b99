package dev.spillway.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the request of one stream as if it had come over HTTP/1.1, and takes none that is malformed
 * (RFC 9113, 8.1.1), nor one of more lines than over HTTP/1.1; writes its answer the other way
 * round.
 *
 * <p>Heads are read here because Netty's own reading of one that ends its stream does not let go of
 * a buffer when the head is no request. Trailers are of no interest, and dropped.
 */
final class StrictStreamCodec extends Http2StreamFrameToHttpObjectCodec {
  private static final String PSEUDO = ":";

  /** Method, path, scheme and authority: the line of a request, and the first of its headers. */
  private static final int MOST_PSEUDO = 4;

  /** A frame counts until all of it is sent: of a long answer in one, none would be seen to go. */
  private static final int LONGEST_DATA = 64 << 10;

  private boolean headRead;

  StrictStreamCodec() {
    super(true);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, Http2StreamFrame frame, List<Object> out)
      throws Exception {
    if (!(frame instanceof Http2HeadersFrame head)) {
      super.decode(ctx, frame, out);
    } else if (headRead) {
      out.add(trailers(head));
    } else {
      headRead = true;
      out.add(request(head));
      if (head.isEndStream()) {
        out.add(LastHttpContent.EMPTY_LAST_CONTENT);
      }
    }
  }

  /** Bytes of a stream come as they are; nobody here waits for them to be written. */
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof ByteBuf bytes) {
      super.write(ctx, new DefaultHttpContent(bytes), ctx.newPromise());
    } else {
      super.write(ctx, message, promise);
    }
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, HttpObject object, List<Object> out)
      throws Exception {
    super.encode(ctx, object, out);
    if (out.getLast() instanceof Http2DataFrame data
        && data.content().readableBytes() > LONGEST_DATA) {
      out.removeLast();
      inPieces(data, out);
    }
  }

  private static void inPieces(Http2DataFrame data, List<Object> out) {
    ByteBuf rest = data.content();
    while (rest.isReadable()) {
      ByteBuf piece = rest.readRetainedSlice(Math.min(LONGEST_DATA, rest.readableBytes()));
      out.add(new DefaultHttp2DataFrame(piece, data.isEndStream() && !rest.isReadable()));
    }
    data.release();
  }

  private static HttpRequest request(Http2HeadersFrame frame) throws Http2Exception {
    Http2Headers fields = frame.headers();
    if (isMissing(fields.method()) || isMissing(fields.path()) || isMissing(fields.scheme())) {
      throw malformed(frame, "a request without method, path or scheme", null);
    }
    try {
      HttpRequest request = HttpConversionUtil.toHttpRequest(frame.stream().id(), fields, true);
      if (!frame.isEndStream() && !HttpUtil.isContentLengthSet(request)) {
        request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      }
      if (fields.size() > StrictHeaders.MOST + MOST_PSEUDO) {
        request.setDecoderResult(tooManyLines());
      }
      return request;
    } catch (IllegalArgumentException e) {
      throw malformed(frame, "a method or path that is none", e);
    }
  }

  private static LastHttpContent trailers(Http2HeadersFrame frame) throws Http2Exception {
    for (CharSequence name : frame.headers().names()) {
      if (name.toString().startsWith(PSEUDO)) {
        throw malformed(frame, "a second head", null);
      }
    }
    if (frame.headers().size() <= StrictHeaders.MOST) {
      return LastHttpContent.EMPTY_LAST_CONTENT;
    }
    LastHttpContent refused = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    refused.setDecoderResult(tooManyLines());
    return refused;
  }

  private static DecoderResult tooManyLines() {
    return DecoderResult.failure(new StrictHeaders.TooManyLines());
  }

  private static boolean isMissing(@Nullable CharSequence field) {
    return field == null || field.isEmpty();
  }

  private static Http2Exception malformed(
      Http2HeadersFrame frame, String what, @Nullable Throwable cause) {
    return Http2Exception.streamError(
        frame.stream().id(), Http2Error.PROTOCOL_ERROR, cause, "%s", what);
  }
}
