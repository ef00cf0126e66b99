package dev.spillway.core.model;

/**
 * The tokens of one request, as billed.
 *
 * @param inputTokens all input tokens, cached ones included, at least 0
 * @param cachedTokens input tokens that the provider found in its prefix cache, at least 0
 * @param outputTokens output tokens, reasoning included, at least 0
 * @param source who counted
 */
public record Usage(long inputTokens, long cachedTokens, long outputTokens, Source source) {
  /** Checks every bound. */
  public Usage {
    if (inputTokens < 0 || cachedTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException(
          "usage: "
              + inputTokens
              + ", "
              + cachedTokens
              + ", "
              + outputTokens
              + " (expected: >= 0)");
    }
  }

  /** Who counted the tokens. */
  public enum Source {
    /** The provider said so. */
    PROVIDER,
    /** Our own count, because the provider's did not come. */
    ESTIMATED
  }
}
