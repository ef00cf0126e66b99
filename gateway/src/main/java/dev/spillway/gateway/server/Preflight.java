package dev.spillway.gateway.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A browser's question whether a page may ask what it is about to (Fetch standard, CORS-preflight).
 * It comes without a key, and without a body.
 *
 * @param headers names of those that the page would send, as the browser lists them; may be empty
 */
record Preflight(String headers) {
  private static final int LONGEST = 4_096;

  /** RFC 9110, 5.6.1 and 5.6.2: it is told back as it came. */
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]*");

  /** Null if the request is none, or is about nothing that is here. */
  static @Nullable Preflight of(HttpRequest request, RequestPath path) {
    HttpHeaders headers = request.headers();
    boolean asks =
        request.method().equals(HttpMethod.OPTIONS)
            && path instanceof RequestPath.WrongMethod
            && headers.contains(HttpHeaderNames.ORIGIN)
            && headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    boolean hasBody =
        headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
            || headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    String names = headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "");
    return asks && !hasBody && names.length() <= LONGEST && NAMES.matcher(names).matches()
        ? new Preflight(names)
        : null;
  }
}
