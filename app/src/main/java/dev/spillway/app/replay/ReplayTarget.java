package dev.spillway.app.replay;

import java.net.URI;

/**
 * Where a load goes.
 *
 * @param baseUrl as an OpenAI client has it, such as {@code http://127.0.0.1:8080/v1}
 * @param key the API key, of characters that a header can carry
 * @param model what is asked for
 */
public record ReplayTarget(URI baseUrl, String key, String model) {
  private static final int MOST_CHAR = 0xff;

  /** Checks that the URL and the key are what a client could use. */
  public ReplayTarget {
    String scheme = baseUrl.getScheme();
    if (baseUrl.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "--base-url: " + baseUrl + " (expected: such as http://127.0.0.1:8080/v1)");
    }
    if (key.isBlank() || !key.chars().allMatch(ReplayTarget::fitsAHeader)) {
      throw new IllegalArgumentException(
          "--key: empty, or with a line break or another character that no header can carry"
              + " (expected: the key alone, in one line)");
    }
  }

  private static boolean fitsAHeader(int c) {
    return c == '\t' || (c >= ' ' && c != 0x7f && c <= MOST_CHAR);
  }

  URI chat() {
    String base = baseUrl.toString();
    String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return URI.create(root + "/chat/completions");
  }

  @Override
  public String toString() {
    return baseUrl.toString();
  }
}
