package dev.spillway.simulator.live;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request is for.
 *
 * @param deployment the name in Azure's classic path, which replaces the body's model, or null
 * @param id of the kept response that the path names, or null
 */
record Route(Endpoint endpoint, @Nullable String deployment, @Nullable String id) {
  private static final Pattern DEPLOYMENT = Pattern.compile("/openai/deployments/([^/]+)(/.+)");
  private static final Pattern RESPONSE = Pattern.compile("/responses/([^/]+)(/cancel)?");
  private static final Pattern V1 = Pattern.compile("(?:/openai)?/v1(/.+)");

  /** What this server answers. */
  enum Endpoint {
    CHAT("POST"),
    COMPLETIONS("POST"),
    MESSAGES("POST"),
    RESPONSES("POST"),
    RESPONSE("GET"),
    RESPONSE_DELETION("DELETE"),
    RESPONSE_CANCELLATION("POST"),
    EMBEDDINGS("POST"),
    MODERATIONS("POST"),
    MODELS("GET"),
    HEALTH("GET"),
    METRICS("GET");

    private final String method;

    Endpoint(String method) {
      this.method = method;
    }

    /** Whether a caller needs a key; probes and scrapers have none. */
    boolean isProtected() {
      return this != HEALTH && this != METRICS;
    }
  }

  static Route of(FullHttpRequest request) throws RequestRefused {
    var uri = new QueryStringDecoder(request.uri());
    Route route = of(uri.path(), request.method());
    if (!request.method().name().equals(route.endpoint.method)) {
      throw new RequestRefused(ApiError.wrongMethod(route.endpoint.method));
    }
    if (route.deployment != null && !uri.parameters().containsKey("api-version")) {
      throw new RequestRefused(
          ApiError.invalid("api-version", "Missing required query parameter: 'api-version'."));
    }
    return route;
  }

  private static Route of(String path, HttpMethod method) throws RequestRefused {
    if (path.equals("/health")) {
      return new Route(Endpoint.HEALTH, null, null);
    }
    if (path.equals("/metrics")) {
      return new Route(Endpoint.METRICS, null, null);
    }
    Matcher v1 = V1.matcher(path);
    if (v1.matches()) {
      Matcher response = RESPONSE.matcher(v1.group(1));
      return response.matches()
          ? new Route(ofResponse(response.group(2) != null, method), null, response.group(1))
          : new Route(operation(v1.group(1), path), null, null);
    }
    Matcher classic = DEPLOYMENT.matcher(path);
    if (classic.matches()) {
      return new Route(operation(classic.group(2), path), classic.group(1), null);
    }
    throw new RequestRefused(ApiError.noSuchPath(path));
  }

  private static Endpoint ofResponse(boolean cancels, HttpMethod method) {
    if (cancels) {
      return Endpoint.RESPONSE_CANCELLATION;
    }
    return method.equals(HttpMethod.DELETE) ? Endpoint.RESPONSE_DELETION : Endpoint.RESPONSE;
  }

  private static Endpoint operation(String rest, String path) throws RequestRefused {
    return switch (rest) {
      case "/chat/completions" -> Endpoint.CHAT;
      case "/completions" -> Endpoint.COMPLETIONS;
      case "/messages" -> Endpoint.MESSAGES;
      case "/responses" -> Endpoint.RESPONSES;
      case "/embeddings" -> Endpoint.EMBEDDINGS;
      case "/moderations" -> Endpoint.MODERATIONS;
      case "/models" -> Endpoint.MODELS;
      default -> throw new RequestRefused(ApiError.noSuchPath(path));
    };
  }
}
