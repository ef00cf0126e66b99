package dev.spillway.wire.chat;

import dev.spillway.core.model.Usage;
import java.util.TreeMap;

/**
 * What a provider counts of an answer of several choices while it streams: each chunk tells the
 * tokens of its own choice, beside the one prompt of all (vLLM's {@code continuous_usage_stats}).
 */
public final class ChoiceCounts {
  private final TreeMap<Integer, Long> outputTokens = new TreeMap<>();

  /** Takes the count of the next chunk, which has one; what all choices used so far. */
  public Usage add(ChunkFacts chunk) {
    Usage told = chunk.usage();
    outputTokens.put(chunk.lastIndex(), told.outputTokens());
    long all = outputTokens.values().stream().mapToLong(Long::longValue).sum();
    return new Usage(told.inputTokens(), told.cachedTokens(), all, told.source());
  }
}
