package dev.spillway.gateway.tunnel;

import dev.spillway.wire.link.LinkHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import java.util.Map;

/** The head of a request as it goes over a link. */
final class LinkHead {
  /**
   * The longest that either end takes, as HTTP/2 counts. One that is longer by a quarter is an
   * error of the whole connection to whoever reads it, and ends all its streams.
   */
  static final long MOST_BYTES = Http2CodecUtil.DEFAULT_HEADER_LIST_SIZE;

  /** Beside its name and its value: RFC 9113, section 6.5.2. */
  private static final long BYTES_A_FIELD = 32;

  private LinkHead() {}

  static Http2Headers of(LinkRequest request) {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method(request.request().method().name())
            .scheme("https")
            .authority("site")
            .path(request.request().pathAndQuery());
    request
        .request()
        .headers()
        .forEach(each -> headers.add(each.getKey().toLowerCase(Locale.ROOT), each.getValue()));
    headers.setInt("content-length", request.request().body().readableBytes());
    headers.set(LinkHeaders.DEPLOYMENT, request.deployment().value());
    headers.set(LinkHeaders.FACTS, request.facts());
    headers.setLong(LinkHeaders.INPUT_TOKENS, request.inputTokens());
    headers.setLong(LinkHeaders.EXPECTED_QUEUE, request.expectedQueueMicros());
    if (!request.keptBy().isEmpty()) {
      headers.set(LinkHeaders.REPLICA, request.keptBy());
    }
    return headers;
  }

  static boolean isTooLong(Http2Headers head) {
    long bytes = 0;
    for (Map.Entry<CharSequence, CharSequence> each : head) {
      bytes += each.getKey().length() + each.getValue().length() + BYTES_A_FIELD;
    }
    return bytes > MOST_BYTES;
  }
}
