package dev.spillway.simulator.engine;

/**
 * What one replica of a model on an accelerator can do.
 *
 * @param name how configuration names it
 * @param accelerator the chips of one replica
 * @param model the model they run
 * @param stepTime how long an iteration takes
 * @param maxSequences the most sequences in a batch, at least 1
 * @param maxBatchedTokens the most tokens an iteration computes (chunked prefill), at least 1
 * @param kvBlocks blocks of {@value #BLOCK_TOKENS} tokens in its KV cache, at least 1
 * @param maxModelTokens the longest prompt and answer together, tokens, at least 2
 * @param source where the numbers come from: measured and fitted, or assumed
 */
public record EngineProfile(
    String name,
    String accelerator,
    String model,
    StepTime stepTime,
    int maxSequences,
    int maxBatchedTokens,
    int kvBlocks,
    int maxModelTokens,
    String source) {
  /** Tokens in a block of the KV cache, vLLM's default. */
  public static final int BLOCK_TOKENS = 16;

  /** Checks every bound. */
  public EngineProfile {
    atLeast(1, "maxSequences", maxSequences);
    atLeast(1, "maxBatchedTokens", maxBatchedTokens);
    atLeast(1, "kvBlocks", kvBlocks);
    atLeast(2, "maxModelTokens", maxModelTokens);
    if (maxSequences > maxBatchedTokens) {
      throw new IllegalArgumentException(
          "maxSequences: " + maxSequences + " (expected: <= maxBatchedTokens)");
    }
  }

  /** The longest prompt and answer together that one replica can serve, tokens. */
  public long longestSequence() {
    return Math.min(maxModelTokens, (long) kvBlocks * BLOCK_TOKENS);
  }

  /** The same with other iteration times. */
  public EngineProfile withStepTime(StepTime other) {
    return new EngineProfile(
        name,
        accelerator,
        model,
        other,
        maxSequences,
        maxBatchedTokens,
        kvBlocks,
        maxModelTokens,
        source);
  }

  static int blocksFor(long tokens) {
    return Math.toIntExact((tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS);
  }

  private static void atLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
