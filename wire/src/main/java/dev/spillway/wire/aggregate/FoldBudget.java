package dev.spillway.wire.aggregate;

import java.util.function.LongSupplier;

/**
 * How long one answer may be, and what it pays for while it grows. Pieces are many times as long as
 * what is held of them, and what is held is counted seldom.
 */
final class FoldBudget {
  private static final int LOOK_EVERY_BYTES = 64 << 10;

  private final long maxBytes;
  private final int times;
  private final AnswerMemory.Share memory;
  private long takenBytes;
  private long paidBytes;
  private long nextLook = LOOK_EVERY_BYTES;

  /**
   * Of nothing yet.
   *
   * @param maxBytes the most bytes of pieces that are taken
   * @param times how often what is held will be there in the end
   */
  FoldBudget(long maxBytes, int times, AnswerMemory.Share memory) {
    this.maxBytes = maxBytes;
    this.times = times;
    this.memory = memory;
  }

  /** Counts a piece that comes; false if the answer is too long with it. */
  boolean hasRoomFor(int bytes) {
    takenBytes += bytes;
    return takenBytes <= maxBytes;
  }

  /** Pays for what is held by now, if it is time to; false if that is not there. */
  boolean pays(LongSupplier heldBytes) {
    if (takenBytes < nextLook) {
      return true;
    }
    nextLook = takenBytes + LOOK_EVERY_BYTES;
    long due = times * heldBytes.getAsLong() - paidBytes;
    if (due > 0 && !memory.takes(due)) {
      return false;
    }
    paidBytes += Math.max(0, due);
    return true;
  }

  /** How long all pieces were. */
  long takenBytes() {
    return takenBytes;
  }

  /** Nothing is held any more. */
  void release() {
    memory.giveBack(paidBytes);
    paidBytes = 0;
  }
}
