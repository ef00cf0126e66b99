package dev.spillway.gateway.upstream;

/**
 * A server to connect to; connections are pooled by it.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param security whether TLS is spoken, with the host's name checked against its certificate
 */
public record Endpoint(String host, int port, Security security) implements Place {
  /** Checks the bounds. */
  public Endpoint {
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "endpoint: " + host + ":" + port + " (expected: a host and a port of 1 to 65535)");
    }
  }

  /** How bytes travel. */
  public enum Security {
    /** As they are. */
    PLAIN,
    /** Encrypted. */
    TLS
  }

  /** As a Host header has it: the port only where it is not the scheme's own. */
  public String authority() {
    int usual = security == Security.TLS ? 443 : 80;
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == usual ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (security == Security.TLS ? "https://" : "http://") + authority();
  }
}
