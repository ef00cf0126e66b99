package dev.spillway.gateway.exchange;

import dev.spillway.core.model.Usage;
import dev.spillway.gateway.upstream.Prefetch;
import dev.spillway.wire.aggregate.AnswerFold;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.resume.Shown;
import dev.spillway.wire.sse.SseEvent;
import dev.spillway.wire.sse.StreamRepair.Repaired;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the chunks of an answer on their way to the client, and what is kept of them.
 *
 * <p>One attempt, one passage.
 */
interface Passage {

  /** What goes on in place of a chunk; called for each, in order. */
  Repaired pass(SseEvent event);

  /** An event of our own making goes on as well. */
  default void own(ByteSlice event) {}

  /** Whether the answer is whole already, whatever the provider still sends. */
  boolean isOver();

  /** Why what comes is not the answer, for people; null if it is. */
  @Nullable String failure();

  /** What the client has when all that was passed has reached it. */
  Shown shown();

  /**
   * What the client is billed for the whole answer.
   *
   * @param provider what the provider says that this attempt used; null if it does not
   */
  default Usage usage(@Nullable Usage provider) {
    return provider != null ? provider : shown().usage();
  }

  /** What the chunks are folded into; null if they go on as they come. */
  default @Nullable AnswerFold fold() {
    return null;
  }

  /** Adds what it deals with a chunk by. */
  default void addTo(Prefetch chunk) {
    chunk.add(this);
    shown().eachPart(chunk::add);
  }
}
