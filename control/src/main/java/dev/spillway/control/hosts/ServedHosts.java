package dev.spillway.control.hosts;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names under which a port without login answers: IP addresses, {@code localhost}, and what its
 * configuration says.
 *
 * <p>Why: a web page may have its own name resolve to an address that only its visitor can reach
 * (DNS rebinding), and its browser lets it read what is there, since name and port are the page's
 * own. The browser still says that name in {@code Host}; an address or {@code localhost} can be no
 * such page's. A page of another origin cannot read, but it can send: what changes something is
 * refused if {@code Origin} is not the host that was asked.
 */
public final class ServedHosts {
  private static final int FORBIDDEN = 403;
  private static final int MISDIRECTED = 421;

  private static final Pattern HOST =
      Pattern.compile("(?<host>[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{0,5})?");

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

  private static final Pattern IP_ADDRESS =
      Pattern.compile("\\[.*]|" + OCTET + "(\\." + OCTET + "){3}");

  private static final Set<String> CHANGES_NOTHING = Set.of("GET", "HEAD", "OPTIONS");

  private final String key;
  private final Set<String> names;

  /**
   * Answers under these, too.
   *
   * @param key of the configuration that more names belong in, for messages
   * @param names of hosts, without a port; in upper or lower case
   */
  public ServedHosts(String key, Collection<String> names) {
    this.key = key;
    this.names = names.stream().map(ServedHosts::plain).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Why a request is not answered.
   *
   * @param status of HTTP
   * @param message what was asked, and what to do
   */
  public record Refused(int status, String message) {}

  /**
   * Judges a request; empty if it may be answered.
   *
   * @param hosts every {@code Host} that it has
   * @param origins every {@code Origin} that it has
   */
  public Optional<Refused> judge(String method, List<String> hosts, List<String> origins) {
    String host = hosts.size() == 1 ? hosts.getFirst() : "";
    if (!isServed(host)) {
      return Optional.of(new Refused(MISDIRECTED, misdirected(host)));
    }
    if (!CHANGES_NOTHING.contains(method)
        && !origins.stream().allMatch(each -> isPageOf(host, each))) {
      return Optional.of(
          new Refused(FORBIDDEN, method + " by a web page of another origin (expected: its own)"));
    }
    return Optional.empty();
  }

  private boolean isServed(String host) {
    var read = HOST.matcher(host);
    if (!read.matches()) {
      return false;
    }
    String name = plain(read.group("host"));
    return name.equals("localhost") || IP_ADDRESS.matcher(name).matches() || names.contains(name);
  }

  private String misdirected(String host) {
    String asked = HOST.matcher(host).matches() ? "host " + host : "no host that can be read";
    return "asked for "
        + asked
        + " (expected: an IP address, localhost, or a name that "
        + key
        + " lists)";
  }

  private static boolean isPageOf(String host, String origin) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  /** A name may end with a dot, and is the same. */
  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
