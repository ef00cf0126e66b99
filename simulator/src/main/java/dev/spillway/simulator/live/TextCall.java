package dev.spillway.simulator.live;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a text asks for, whichever API it came by, as far as a simulated engine cares.
 *
 * @param model as the body says, or null
 * @param delivery whole or in events
 * @param usage whether a stream ends with its usage
 * @param prompt what is to be answered
 * @param maxTokens the caller's limit
 * @param wantedTokens our own field {@code spillway_sim.output_tokens}: how long the answer would
 *     be by itself, with what it may already say; a replayed trace knows
 * @param stops texts before which the answer ends
 * @param shape what kind of text is wanted
 */
record TextCall(
    @Nullable String model,
    Delivery delivery,
    StreamUsage usage,
    Prompt prompt,
    OptionalInt maxTokens,
    OptionalInt wantedTokens,
    List<String> stops,
    Shape shape) {
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

  /** What kind of text is wanted. */
  sealed interface Shape {
    /** Words. */
    record Prose() implements Shape {}

    /** A document, which satisfies whatever schema the caller gave. */
    record Json(String document) implements Shape {}

    /** A call of one of the caller's tools. */
    record ToolCall(String name, String arguments) implements Shape {}
  }
}
