package dev.spillway.gateway.server;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/**
 * Headers of requests, in which a length is there once at the most. Netty takes the first of two
 * from a client of HTTP/1.0, where a proxy before us may have taken the second.
 */
final class OneLength extends DefaultHttpHeaders {
  /** Makes them. */
  static final HttpHeadersFactory HEADERS =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new OneLength();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new OneLength();
        }
      };

  private OneLength() {}

  /** As Netty's decoder adds what it read. */
  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        && contains(HttpHeaderNames.CONTENT_LENGTH)) {
      throw new IllegalArgumentException("content-length is there twice");
    }
    return super.add(name, value);
  }
}
