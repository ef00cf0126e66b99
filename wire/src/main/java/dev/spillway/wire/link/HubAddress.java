package dev.spillway.wire.link;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where agents reach the port for links of a hub.
 *
 * @param host a name or an IP address, without brackets; looked up by whoever dials
 * @param port 1 to 65535
 */
public record HubAddress(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}]):(\\d{1,5})");
  private static final int MAX_PORT = 65_535;

  /** Checks the bound; names are the same in small letters. */
  public HubAddress {
    host = host.toLowerCase(Locale.ROOT);
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to " + MAX_PORT + ")");
    }
  }

  /** Reads {@code hub-b.example:8443} or {@code [::1]:8443}. */
  public static HubAddress parse(String text) throws MalformedMessage {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new MalformedMessage("hubs: not a host and a port");
    }
    String host = matcher.group(1);
    try {
      return new HubAddress(
          host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage("hubs: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
