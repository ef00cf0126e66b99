package dev.spillway.gateway.exchange;

import dev.spillway.core.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Whose count of tokens is billed: the provider's, or else ours.
 *
 * @param provider what the provider says that the attempt used; null if it does not
 * @param contentBytes UTF-8 bytes of answer, from which ours is guessed
 * @param answer what the whole answer used, if other attempts had a part in it; null if not
 * @param isLater whether the answer is made later, so that nobody can have counted
 */
record Tokens(
    @Nullable Usage provider, long contentBytes, @Nullable Usage answer, boolean isLater) {
  /** Of an answer that is made in the background. */
  static final Tokens LATER = new Tokens(null, 0, null, true);

  private static final int BYTES_PER_TOKEN = 4;

  /** Of an attempt that gave an answer, or the last part of it. */
  Tokens(@Nullable Usage provider, long contentBytes, @Nullable Usage answer) {
    this(provider, contentBytes, answer, false);
  }

  /** Of an attempt that gave the whole answer. */
  Tokens(@Nullable Usage provider, long contentBytes) {
    this(provider, contentBytes, null);
  }

  static Tokens guessed(long contentBytes) {
    return new Tokens(null, contentBytes);
  }

  /**
   * What the attempt used.
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
