package dev.spillway.wire.chat;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which choices of an answer have begun, and which have their {@code finish_reason}; one that is
 * told twice is one.
 */
public final class FinishedChoices {
  private final int asked;
  private final @Nullable BitSet begun;
  private @Nullable BitSet indexes;
  private int count;

  /**
   * None so far.
   *
   * @param asked how many were asked for, at least 1
   */
  public FinishedChoices(int asked) {
    this.asked = asked;
    this.begun = asked > 1 ? new BitSet() : null;
  }

  /** Those of the next chunk as well. */
  public void add(ChunkFacts chunk) {
    if (begun != null && (chunk.hasContent() || chunk.hasReasoning() || chunk.hasRole())) {
      chunk.addIndexesTo(begun);
    }
    if (chunk.finishedChoices() > 0) {
      BitSet all = indexes == null ? new BitSet() : indexes;
      chunk.addFinishedTo(all);
      indexes = all;
      count = all.cardinality();
    }
  }

  /** Whether one has. */
  public boolean isAny() {
    return count > 0;
  }

  /** Whether one has begun, of several that were asked for, and is not whole. */
  public boolean isAnyOpen() {
    return begun != null && begun.stream().anyMatch(each -> indexes == null || !indexes.get(each));
  }

  /** Whether all that were asked for have. */
  public boolean isAll() {
    return count >= asked;
  }
}
