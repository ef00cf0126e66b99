package dev.spillway.gateway.exchange;

import dev.spillway.core.model.Usage;
import org.jspecify.annotations.Nullable;

/** Whose count of tokens is billed: the provider's, or else ours. */
record Tokens(@Nullable Usage provider, long contentBytes) {
  private static final int BYTES_PER_TOKEN = 4;

  static Tokens guessed(long contentBytes) {
    return new Tokens(null, contentBytes);
  }

  /**
   * The count to bill.
   *
   * @param inputTokens our estimate of the input
   */
  Usage usage(long inputTokens) {
    if (provider != null) {
      return provider;
    }
    long output = (contentBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    return new Usage(inputTokens, 0, output, Usage.Source.ESTIMATED);
  }
}
