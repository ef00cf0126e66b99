package dev.spillway.site.engine;

import java.net.URI;

/**
 * Where an engine's API is.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param basePath of its operations, such as {@code /v1}; with a slash at its start and none at its
 *     end
 */
public record EngineAddress(String host, int port, String basePath) {
  private static final int HTTP = 80;

  /** Of a URL such as {@code http://127.0.0.1:8000} or {@code http://engine:8000/v1}. */
  public static EngineAddress of(URI url) {
    String host = url.getHost();
    if (!"http".equals(url.getScheme()) || host == null) {
      throw new IllegalArgumentException(
          "engine: " + url + " (expected: http://host:port, next to this agent)");
    }
    String path = url.getRawPath().replaceAll("/+$", "");
    return new EngineAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.getPort() < 0 ? HTTP : url.getPort(),
        path.isEmpty() ? "/v1" : path);
  }

  /** What its operations are below. */
  public String url() {
    return "http://" + authority() + basePath;
  }

  /** As a Host header has it. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
