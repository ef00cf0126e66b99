package dev.spillway.wire.sse;

import dev.spillway.wire.json.ByteSlice;

/**
 * Makes one provider's stream strict: what clients were seen to stumble over is put right, all else
 * passes as it is.
 *
 * <p>Not thread-safe: one stream to one client, one repair; it lives on over a retry.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "UnusedMethod", "FieldCanBeFinal"}) // being written
public final class StreamRepair {
  /** Whether the client asked for the usage chunk. */
  public enum UsageChunk {
    /** Pass it on. */
    ASKED,
    /** The hub asked for it; keep it from the client. */
    NOT_ASKED
  }

  /** What to do with an event. */
  public sealed interface Repaired {
    /** Send it as it is. */
    record AsItIs() implements Repaired {}

    /** Send nothing. */
    record Dropped() implements Repaired {}

    /** Send these bytes, a whole event, in its place. */
    record Replaced(ByteSlice event) implements Repaired {}
  }

  /** For one answer to a client. */
  public StreamRepair(UsageChunk usageChunk) {}

  /** Judges a {@link SseEvent.Kind#CHUNK}; called for each, in order. */
  public Repaired repair(SseEvent chunk) {
    throw new UnsupportedOperationException();
  }
}
