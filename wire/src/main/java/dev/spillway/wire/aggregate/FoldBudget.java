package dev.spillway.wire.aggregate;

import java.util.function.LongSupplier;

/**
 * How long one answer may be, and what it pays for while it grows. Both are measured by what is
 * held of it: pieces are many times as long, a token of four letters some 250 bytes. What is held
 * takes time to count, so that is done seldom.
 */
final class FoldBudget {
  private static final int LOOK_EVERY_BYTES = 64 << 10;

  private final long maxBytes;
  private final int times;
  private final AnswerMemory.Share memory;
  private final long lookEveryBytes;
  private long takenBytes;
  private long paidBytes;
  private long nextLook;

  /**
   * Of nothing yet.
   *
   * @param maxBytes the most bytes that are held of pieces
   * @param times how often what is held will be there in the end
   */
  FoldBudget(long maxBytes, int times, AnswerMemory.Share memory) {
    this.maxBytes = maxBytes;
    this.times = times;
    this.memory = memory;
    this.lookEveryBytes = Math.min(LOOK_EVERY_BYTES, maxBytes);
    this.nextLook = lookEveryBytes;
  }

  /** Counts a piece that was taken; if it is time to, looks at what is held and pays for it. */
  Taken took(int bytes, LongSupplier heldBytes) {
    takenBytes += bytes;
    if (takenBytes < nextLook) {
      return Taken.YES;
    }
    nextLook = takenBytes + lookEveryBytes;
    long held = heldBytes.getAsLong();
    if (Math.min(held, takenBytes) > maxBytes) { // a little is held in more room than it needs
      return Taken.TOO_LONG;
    }
    long due = times * held - paidBytes;
    if (due > 0 && !memory.takes(due)) {
      return Taken.NO_ROOM;
    }
    paidBytes += Math.max(0, due);
    return Taken.YES;
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
