package dev.spillway.app.config;

import dev.spillway.control.hosts.ServedHosts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where to listen.
 *
 * @param host a name or an IP address
 * @param port 0 to 65535; 0 is any free one
 */
public record Address(String host, int port) {
  static final String PATTERN = "^([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$";
  private static final int MAX_PORT = 65_535;

  /** Checks the bound. */
  public Address {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + MAX_PORT + ")");
    }
  }

  /**
   * Reads {@code 127.0.0.1:8080} or {@code [::1]:8080}; throws {@link IllegalArgumentException} if
   * it is no such text.
   */
  static Address parse(String text) {
    if (!text.matches(PATTERN)) {
      throw new IllegalArgumentException(text);
    }
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon);
    int port = Integer.parseInt(text.substring(colon + 1));
    return new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
  }

  /**
   * The names under which a port here answers operators: its own, and these.
   *
   * @param key that says these
   */
  public ServedHosts hosts(String key, List<HostName> more) {
    Stream<String> own = Stream.of(host);
    return new ServedHosts(key, Stream.concat(own, more.stream().map(HostName::value)).toList());
  }

  /** For sockets; looks the name up. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }
}
