package dev.spillway.gateway.server;

import dev.spillway.wire.error.ErrorShape;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a request says that concerns us.
 *
 * @param path what it asks for
 * @param requestId the client's id of it if it is sane, else ours
 * @param key what it sent to say who it is; null if nothing
 * @param workload the class it chooses; null if it leaves that to its key
 * @param residency where it wants its data, comma-separated; null if it says nothing
 * @param timeout how long the client waits; null if it does not say
 * @param origin the page it comes from; null if from none
 * @param style whose manner it came in
 * @param errors how it is to be told of errors
 * @param keepAlive whether the connection may serve another request
 * @param version of HTTP that the client speaks
 */
record RequestHead(
    RequestPath path,
    String requestId,
    @Nullable String key,
    @Nullable String workload,
    @Nullable String residency,
    @Nullable Duration timeout,
    @Nullable String origin,
    Style style,
    ErrorShape errors,
    boolean keepAlive,
    Version version) {
  private static final String BEARER = "Bearer ";
  private static final int LONGEST_ID = 128;
  private static final long LONGEST_TIMEOUT_MILLIS = Duration.ofDays(1).toMillis();

  /** Whose manner the answer's headers are in. */
  enum Style {
    OPENAI,
    AZURE
  }

  /** What the client can read. */
  enum Version {
    /** No chunks, and a connection is kept only where both ends say so. */
    HTTP_1_0,
    /** Any other. */
    LATER
  }

  /**
   * Reads a head.
   *
   * @param ownId the id if the client gives none
   */
  static RequestHead of(HttpRequest request, String ownId) {
    HttpHeaders headers = request.headers();
    String given = headers.get(OwnHeaders.REQUEST_ID);
    RequestPath path = RequestPath.of(request.method(), request.uri());
    return new RequestHead(
        path,
        given != null && isSane(given) ? given : ownId,
        key(headers),
        headers.get(OwnHeaders.CLASS),
        headers.get(OwnHeaders.RESIDENCY),
        timeout(headers),
        headers.get(HttpHeaderNames.ORIGIN),
        RequestPath.isAzures(request.uri()) ? Style.AZURE : Style.OPENAI,
        RequestPath.errors(request.uri(), path),
        HttpUtil.isKeepAlive(request),
        version(request));
  }

  /** Of a request that could not be read. */
  static RequestHead unreadable(String ownId) {
    return new RequestHead(
        new RequestPath.Unknown(),
        ownId,
        null,
        null,
        null,
        null,
        null,
        Style.OPENAI,
        ErrorShape.OPENAI,
        false,
        Version.LATER);
  }

  private static Version version(HttpRequest request) {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        ? Version.HTTP_1_0
        : Version.LATER;
  }

  private static @Nullable String key(HttpHeaders headers) {
    String key = bearer(headers);
    if (key == null) {
      key = headers.get(OwnHeaders.API_KEY);
    }
    if (key == null) {
      key = headers.get(OwnHeaders.X_API_KEY);
    }
    return key == null || key.isEmpty() ? null : key;
  }

  /** What follows {@code Bearer}; null if no header says so. */
  static @Nullable String bearer(HttpHeaders headers) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).strip()
        : null;
  }

  /** The official clients say in seconds how long they wait; ours is finer. */
  private static @Nullable Duration timeout(HttpHeaders headers) {
    Double millis = number(headers.get(OwnHeaders.TIMEOUT_MILLIS), 1);
    if (millis == null) {
      millis = number(headers.get(OwnHeaders.CLIENTS_TIMEOUT), 1_000);
    }
    return millis == null ? null : Duration.ofMillis(millis.longValue());
  }

  private static @Nullable Double number(@Nullable String text, double factor) {
    if (text == null || text.length() > 20) {
      return null;
    }
    try {
      double value = Double.parseDouble(text.strip()) * factor;
      return value >= 1 && value <= LONGEST_TIMEOUT_MILLIS ? value : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean isSane(String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && "._-:".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
