package dev.spillway.gateway.server;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/**
 * Headers of a request, or its trailers: a length is there once at the most, and of lines there are
 * no more than {@value #MOST}.
 *
 * <p>Netty takes the first of two lengths from a client of HTTP/1.0, where a proxy before us may
 * have taken the second. Of lines it counts the bytes, without their ends: the shortest takes two
 * there, and here as much memory as forty.
 */
final class StrictHeaders extends DefaultHttpHeaders {
  /** Lines of a head, or of trailers; several times what browsers and proxies add up to. */
  static final int MOST = 256;

  /** Makes them. */
  static final HttpHeadersFactory FACTORY =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new StrictHeaders();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new StrictHeaders();
        }
      };

  private int lines;

  private StrictHeaders() {}

  /** There are more lines than are taken. */
  static final class TooManyLines extends RuntimeException {
    TooManyLines() {
      super("more than " + MOST + " lines", null, false, false);
    }
  }

  /** As Netty's decoder adds what it read. */
  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    if (++lines > MOST) {
      throw new TooManyLines();
    }
    if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        && contains(HttpHeaderNames.CONTENT_LENGTH)) {
      throw new IllegalArgumentException("content-length is there twice");
    }
    return super.add(name, value);
  }
}
