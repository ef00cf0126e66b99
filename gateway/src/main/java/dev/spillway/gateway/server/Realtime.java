package dev.spillway.gateway.server;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;

/**
 * WebSockets and the realtime API, which this hub does not serve: said so, instead of "no such
 * URL".
 */
final class Realtime {
  static final Refusal NOT_SERVED =
      ErrorKind.NOT_SERVED.because(
          "The realtime API and WebSockets are not served by this hub yet. Use HTTP requests.");

  private static final String PATH = "realtime";

  private Realtime() {}

  /** Whether a request that asks for nothing that is served was for it. */
  static boolean isAskedFor(HttpRequest request) {
    return isUpgrade(request) || isPath(request.uri());
  }

  private static boolean isUpgrade(HttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  private static boolean isPath(String uri) {
    for (String root : RequestPath.ROOTS) {
      if (uri.startsWith(PATH, root.length()) && uri.startsWith(root)) {
        int end = root.length() + PATH.length();
        return end == uri.length() || "/?".indexOf(uri.charAt(end)) >= 0;
      }
    }
    return false;
  }
}
