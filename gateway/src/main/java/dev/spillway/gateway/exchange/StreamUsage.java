package dev.spillway.gateway.exchange;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.chat.ChoiceCounts;
import dev.spillway.wire.chat.ChunkFacts;
import dev.spillway.wire.chat.FinishedChoices;
import org.jspecify.annotations.Nullable;

/**
 * What the provider of a stream of chunks counts, and whether that is all.
 *
 * <p>Engines may count in every chunk, and of several choices each by itself; the sum comes in a
 * chunk of its own, behind all others.
 */
final class StreamUsage {
  private final @Nullable ChoiceCounts counts;
  private @Nullable Usage soFar;
  private boolean isOfAll;
  private boolean summedUp;

  StreamUsage(int choices) {
    this.counts = choices > 1 ? new ChoiceCounts() : null;
  }

  /** Takes the count of a chunk that has one. */
  void add(ChunkFacts chunk, FinishedChoices finished) {
    ChoiceCounts ofEach = chunk.hasChoices() ? counts : null;
    soFar = ofEach == null ? chunk.usage() : ofEach.add(chunk);
    isOfAll = finished.isAll() && ofEach == null;
    summedUp = finished.isAll() && !chunk.hasChoices();
  }

  /** The last count; null if there was none. */
  @Nullable Usage soFar() {
    return soFar;
  }

  /** Whether a chunk said what the whole answer used. */
  boolean isOfAll() {
    return isOfAll;
  }

  /** Whether that chunk was the last: it had nothing else. */
  boolean isSummedUp() {
    return summedUp;
  }
}
