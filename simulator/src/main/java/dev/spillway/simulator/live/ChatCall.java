package dev.spillway.simulator.live;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a chat completion request asks for, as far as a simulated engine cares.
 *
 * @param model as the body says, or null
 * @param delivery whole or in events
 * @param usage whether a stream ends with its usage
 * @param inputTokens tokens of all messages, by four characters a token, at least 1
 * @param promptHash of everything in the messages; together with the seed it fixes the answer
 * @param maxTokens the caller's limit
 * @param wantedTokens the vendor field {@code spillway_sim.output_tokens}: how long the answer
 *     would be by itself; a replayed trace knows
 * @param stops texts before which the answer ends
 */
record ChatCall(
    @Nullable String model,
    Delivery delivery,
    StreamUsage usage,
    int inputTokens,
    long promptHash,
    OptionalInt maxTokens,
    OptionalInt wantedTokens,
    List<String> stops) {
  /** How an answer is sent. */
  enum Delivery {
    WHOLE,
    STREAMED
  }

  /** What a stream says of tokens. */
  enum StreamUsage {
    LEFT_OUT,
    INCLUDED
  }
}
