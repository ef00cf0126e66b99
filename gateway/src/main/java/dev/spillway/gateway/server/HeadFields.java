package dev.spillway.gateway.server;

import dev.spillway.wire.error.ErrorKind;
import dev.spillway.wire.error.ErrorShape;
import dev.spillway.wire.error.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a head say that concerns us, whoever sends them and whenever: the same bytes
 * always say the same.
 *
 * @param path what it asks for
 * @param id the client's id of it; null if it gives none, or none that is sane
 * @param key what it sent to say who it is; null if nothing
 * @param workload the class it chooses; null if it leaves that to its key
 * @param residency where it wants its data, comma-separated; null if it says nothing
 * @param patience how long the client waits; null if it does not say
 * @param origin the page it comes from; null if from none
 * @param style whose manner it came in
 * @param errors how it is to be told of errors
 * @param headOnly whether nothing but the head of the answer may be sent (RFC 9110, 9.3.2)
 * @param keepAlive whether the connection may serve another request
 * @param version of HTTP that the client speaks
 * @param body how its body comes
 * @param preflight if it is a browser's question; else null
 * @param refusal why it is turned away, whoever it is from; null if that depends
 */
record HeadFields(
    RequestPath path,
    @Nullable String id,
    @Nullable String key,
    @Nullable String workload,
    @Nullable String residency,
    @Nullable Patience patience,
    @Nullable String origin,
    Style style,
    ErrorShape errors,
    boolean headOnly,
    boolean keepAlive,
    Version version,
    BodyFields body,
    @Nullable Preflight preflight,
    @Nullable Refusal refusal) {
  private static final String BEARER = "Bearer ";
  private static final int LONGEST_ID = 128;
  private static final long LONGEST_TIMEOUT_MILLIS = Duration.ofDays(1).toMillis();

  /** Whose manner the answer's headers are in. */
  enum Style {
    OPENAI,
    AZURE
  }

  /** How long the client waits, and for what. */
  record Patience(Duration time, For what) {
    /** What must be there when it is over. */
    enum For {
      /** The answer to its end. */
      ALL,
      /** What shows that it comes: all of it, unless it streams. */
      BEGINNING
    }
  }

  /** What the client can read. */
  enum Version {
    /** No chunks, and a connection is kept only where both ends say so. */
    HTTP_1_0,
    /** Any other. */
    LATER
  }

  static HeadFields of(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String given = headers.get(OwnHeaders.REQUEST_ID);
    RequestPath path = RequestPath.of(request.method(), request.uri());
    return new HeadFields(
        path,
        given != null && isSane(given) ? given : null,
        key(headers),
        headers.get(OwnHeaders.CLASS),
        headers.get(OwnHeaders.RESIDENCY),
        patience(headers),
        headers.get(HttpHeaderNames.ORIGIN),
        RequestPath.isAzures(request.uri()) ? Style.AZURE : Style.OPENAI,
        RequestPath.errors(request.uri(), path),
        HttpMethod.HEAD.equals(request.method()),
        HttpUtil.isKeepAlive(request),
        version(request),
        BodyFields.of(request, path),
        Preflight.of(request, path),
        refusal(request, path));
  }

  /** Of a request that could not be read. */
  static HeadFields unreadable() {
    return new HeadFields(
        new RequestPath.Unknown(),
        null,
        null,
        null,
        null,
        null,
        null,
        Style.OPENAI,
        ErrorShape.OPENAI,
        false,
        false,
        Version.LATER,
        BodyFields.NONE,
        null,
        null);
  }

  private static Version version(HttpRequest request) {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        ? Version.HTTP_1_0
        : Version.LATER;
  }

  private static @Nullable String key(HttpHeaders headers) {
    String key = bearer(headers);
    if (key == null) {
      key = keyIn(headers, OwnHeaders.API_KEY);
    }
    return key == null ? keyIn(headers, OwnHeaders.X_API_KEY) : key;
  }

  /** What follows {@code Bearer}; null if no header says so, or nothing follows. */
  static @Nullable String bearer(HttpHeaders headers) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? unlessEmpty(authorization.substring(BEARER.length()).strip())
        : null;
  }

  /** The key in a header of its own; null if there is none: some clients send it empty then. */
  static @Nullable String keyIn(HttpHeaders headers, CharSequence name) {
    return unlessEmpty(headers.get(name, ""));
  }

  private static @Nullable String unlessEmpty(String key) {
    return key.isEmpty() ? null : key;
  }

  /**
   * The official clients say in seconds how long they wait, and stop their clock at an answer's
   * head; ours is finer, and for all of it.
   */
  private static @Nullable Patience patience(HttpHeaders headers) {
    Double millis = number(headers.get(OwnHeaders.TIMEOUT_MILLIS), 1);
    if (millis != null) {
      return new Patience(Duration.ofMillis(millis.longValue()), Patience.For.ALL);
    }
    millis = number(headers.get(OwnHeaders.CLIENTS_TIMEOUT), 1_000);
    return millis == null
        ? null
        : new Patience(Duration.ofMillis(millis.longValue()), Patience.For.BEGINNING);
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

  private static @Nullable Refusal refusal(HttpRequest request, RequestPath path) {
    if (isAmbiguous(request.headers())) {
      return ErrorKind.BAD_REQUEST.because(
          "transfer-encoding: only 'chunked' is taken, and only without content-length");
    }
    Refusal twofold = DecidingHeaders.refusal(request.headers());
    if (twofold != null) {
      return twofold;
    }
    return switch (path) {
      case RequestPath.Unknown _ when Realtime.isAskedFor(request) -> Realtime.NOT_SERVED;
      case RequestPath.Unknown _ -> Refusal.unknownPath(request.method().name(), pathOf(request));
      case RequestPath.WrongMethod _ when Realtime.isAskedFor(request) -> Realtime.NOT_SERVED;
      case RequestPath.WrongMethod(var allowed) ->
          Refusal.wrongMethod(request.method().name(), allowed);
      default -> null;
    };
  }

  private static boolean isAmbiguous(HttpHeaders headers) {
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean plainlyChunked =
        codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked");
    return !codings.isEmpty()
        && (!plainlyChunked || headers.contains(HttpHeaderNames.CONTENT_LENGTH));
  }

  private static String pathOf(HttpRequest request) {
    int query = request.uri().indexOf('?');
    return query < 0 ? request.uri() : request.uri().substring(0, query);
  }
}
