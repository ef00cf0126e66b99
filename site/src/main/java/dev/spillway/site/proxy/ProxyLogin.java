package dev.spillway.site.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/**
 * What an agent proves itself to a proxy with, by the Basic scheme (RFC 7617); a secret.
 *
 * @param user without a colon, which is where the password begins
 * @param password never shown
 */
public record ProxyLogin(String user, String password) {
  /** Checks that what is sent is what was said. */
  public ProxyLogin {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("user: empty or with a colon (expected: a name)");
    }
  }

  /** The value of {@code Proxy-Authorization}. */
  String authorization() {
    String both = user + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "***";
  }
}
