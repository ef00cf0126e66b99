package dev.spillway.gateway.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * The head of an answer, and how its body is framed (RFC 9112, section 6.3).
 *
 * @param status 200 to 599
 * @param headers all that it says
 * @param framing how the end of the body is known
 * @param length bytes of the body if it has a length, else 0
 * @param persistent whether the connection may carry another answer after this one
 */
record ResponseHead(
    int status, HttpHeaders headers, Framing framing, long length, boolean persistent) {
  private static final int LONGEST_LENGTH = 18;

  /** How the end of a body is known. */
  enum Framing {
    /** There is none, or none that is read. */
    NONE,
    /** By its length. */
    LENGTH,
    /** It comes in chunks, the last of which is empty. */
    CHUNKED,
    /** The connection closes. */
    UNTIL_CLOSE
  }

  /**
   * Reads how a body is framed; takes nothing that two readers could understand differently.
   *
   * @param minor of the version, HTTP/1.minor
   */
  static ResponseHead of(int minor, int status, HttpHeaders headers) throws UnusableAnswer {
    if (status == 204 || status == 205 || status == 304) {
      throw new UnusableAnswer("answered " + status + ", which has no body");
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    boolean persistent = minor >= 1 && !closes(headers);
    if (isEncoded(headers)) {
      return encoded(status, headers);
    }
    if (!codings.isEmpty()) {
      requireChunked(minor, codings, lengths);
      return new ResponseHead(status, headers, Framing.CHUNKED, 0, persistent);
    }
    if (lengths.isEmpty()) {
      return new ResponseHead(status, headers, Framing.UNTIL_CLOSE, 0, false);
    }
    return new ResponseHead(status, headers, Framing.LENGTH, length(lengths), persistent);
  }

  /**
   * Nothing but identity was asked for. An answer that is compressed all the same is none, and
   * cannot blow up here; of a refusal, the status and the headers still count.
   */
  private static ResponseHead encoded(int status, HttpHeaders headers) throws UnusableAnswer {
    if (status == 200) {
      throw new UnusableAnswer("sent a compressed body, which was not asked for");
    }
    return new ResponseHead(status, headers, Framing.NONE, 0, false);
  }

  private static boolean isEncoded(HttpHeaders headers) {
    String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    return coding != null && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding);
  }

  private static boolean closes(HttpHeaders headers) {
    return headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
  }

  private static void requireChunked(int minor, List<String> codings, List<String> lengths)
      throws UnusableAnswer {
    if (!lengths.isEmpty()) {
      throw new UnusableAnswer("sent both content-length and transfer-encoding");
    }
    if (minor == 0
        || codings.size() != 1
        || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst())) {
      throw new UnusableAnswer("sent a transfer-encoding that is not 'chunked'");
    }
  }

  private static long length(List<String> lengths) throws UnusableAnswer {
    String digits = lengths.getFirst();
    boolean number = !digits.isEmpty() && digits.length() <= LONGEST_LENGTH;
    long length = 0;
    for (int i = 0; i < digits.length() && number; i++) {
      number = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
      length = length * 10 + digits.charAt(i) - '0';
    }
    if (!number || lengths.size() > 1) {
      throw new UnusableAnswer("sent a content-length that is not one number");
    }
    return length;
  }
}
