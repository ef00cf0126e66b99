package dev.spillway.gateway.server;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Headers that decide who asks, in which class and where: whoever sends two that differ could be
 * taken for one by a proxy before us, and for another here.
 */
final class DecidingHeaders {
  private static final AsciiString[] ONCE = {
    HttpHeaderNames.AUTHORIZATION,
    OwnHeaders.API_KEY,
    OwnHeaders.X_API_KEY,
    OwnHeaders.CLASS,
    OwnHeaders.RESIDENCY
  };

  private DecidingHeaders() {}

  /** Why a head is not taken; null if it says one thing. */
  static @Nullable Refusal refusal(HttpHeaders headers) {
    for (AsciiString name : ONCE) {
      if (isThereTwice(headers, name)) {
        return ErrorKind.BAD_REQUEST.because("The header '" + name + "' is there twice.");
      }
    }
    return hasTwoKeys(headers)
        ? ErrorKind.BAD_REQUEST.because(
            "Two different API keys were sent. Send one, as 'Authorization: Bearer KEY' or as"
                + " 'api-key: KEY'.")
        : null;
  }

  private static boolean isThereTwice(HttpHeaders headers, AsciiString name) {
    Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
    if (!values.hasNext()) {
      return false;
    }
    values.next();
    return values.hasNext();
  }

  private static boolean hasTwoKeys(HttpHeaders headers) {
    String first = HeadFields.bearer(headers);
    for (AsciiString name : new AsciiString[] {OwnHeaders.API_KEY, OwnHeaders.X_API_KEY}) {
      String other = HeadFields.keyIn(headers, name);
      if (first == null) {
        first = other;
      } else if (other != null && !other.equals(first)) {
        return true;
      }
    }
    return false;
  }
}
