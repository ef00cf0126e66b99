package dev.spillway.gateway.server;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What a client of HTTP/1.1 or 1.0 is told whose request cannot be read, or could be read otherwise
 * by a proxy before us. What comes behind it on its connection cannot be trusted.
 */
final class Malformed {
  private Malformed() {}

  /** What is wrong with what the decoder read; null if nothing is. */
  static @Nullable Refusal why(HttpObject object, int maxHeaderBytes) {
    Refusal unread = unread(object, maxHeaderBytes);
    return unread == null && object instanceof HttpRequest head && !namesItsHost(head)
        ? ErrorKind.BAD_REQUEST.because("an HTTP/1.1 request has one Host header")
        : unread;
  }

  /** What a decoder, of whichever protocol, found wrong with what it read; null if nothing. */
  static @Nullable Refusal unread(HttpObject object, int maxHeaderBytes) {
    return object.decoderResult().isSuccess()
        ? null
        : bytes(object.decoderResult().cause(), maxHeaderBytes);
  }

  private static Refusal bytes(@Nullable Throwable cause, int maxHeaderBytes) {
    return switch (cause) {
      case StrictHeaders.TooManyLines _ -> Refusal.tooManyHeaders(StrictHeaders.MOST);
      case TooLongHttpLineException _ -> Refusal.lineTooLong(StrictRequestDecoder.LONGEST_LINE);
      case TooLongFrameException _ -> Refusal.headersTooLarge(maxHeaderBytes);
      case null, default ->
          ErrorKind.BAD_REQUEST.because("the request is not well-framed HTTP/1.1");
    };
  }

  /** RFC 9112, 3.2: who sends none, or two, may mean another host than a proxy before us saw. */
  private static boolean namesItsHost(HttpRequest head) {
    if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return true;
    }
    Iterator<? extends CharSequence> hosts =
        head.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return false;
    }
    hosts.next();
    return !hosts.hasNext();
  }
}
