package dev.spillway.core.quota;

/**
 * What a request is expected to use of a deployment.
 *
 * @param inputTokens input tokens that no prefix cache holds, at least 0
 * @param outputTokens expected output tokens, at least 0
 */
public record Demand(long inputTokens, long outputTokens) {
  /** Checks every bound. */
  public Demand {
    if (inputTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException(
          "demand: " + inputTokens + ", " + outputTokens + " (expected: >= 0)");
    }
  }

  /** Input and output together. */
  public long tokens() {
    return inputTokens + outputTokens;
  }
}
