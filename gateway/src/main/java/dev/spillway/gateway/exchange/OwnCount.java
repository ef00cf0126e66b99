package dev.spillway.gateway.exchange;

import dev.spillway.wire.chat.EstimatedUsage;
import dev.spillway.wire.chat.ScannedRequest;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;
import org.jspecify.annotations.Nullable;

/**
 * What we count ourselves of an answer that comes all at once.
 *
 * @param inputTokens our estimate of the request
 * @param echoedBytes of the answer that only repeat the request
 */
record OwnCount(long inputTokens, long echoedBytes) {
  /** For the answer to this; null if nobody looks for a usage there. */
  static @Nullable OwnCount of(ScannedRequest request) {
    return request.operation().hasUsageChunk()
        ? new OwnCount(request.inputTokens(), request.echoedBytes())
        : null;
  }

  /** The answer with the count that is billed; null if it stays as it is. */
  @Nullable Splice in(ByteSlice answer, Tokens tokens) {
    return EstimatedUsage.in(answer, tokens.usage(inputTokens));
  }
}
