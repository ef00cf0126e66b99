package dev.spillway.wire.chat;

import dev.spillway.wire.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of the last few sorts of chunk: those of one provider and model are of one sort, and
 * the streams of some providers go through one reader. Not thread-safe.
 */
final class ChunkPatterns {
  private static final int MOST = 4;

  private final ChunkPattern[] patterns = new ChunkPattern[MOST];
  private int last;
  private int next;

  ChunkPatterns(JsonCursor cursor) {
    for (int i = 0; i < MOST; i++) {
      patterns[i] = new ChunkPattern(cursor);
    }
  }

  /** The pattern that a chunk matches; null if it is to be read. */
  @Nullable ChunkPattern find(byte[] bytes, int offset, int count) {
    for (int i = 0; i < MOST; i++) {
      int place = (last + i) % MOST;
      if (patterns[place].matches(bytes, offset, count)) {
        last = place;
        return patterns[place];
      }
    }
    return null;
  }

  /** One that is forgotten, for the slots of the chunk that is read now. */
  ChunkPattern blank() {
    patterns[next].forget();
    return patterns[next];
  }

  /** The blank one learns the chunk whose slots it was told, if that is one for others. */
  void learn(byte[] bytes, int offset, int count, ChunkPattern.Common common) {
    if (patterns[next].learn(bytes, offset, count, common)) {
      last = next;
      next = (next + 1) % MOST;
    }
  }
}
