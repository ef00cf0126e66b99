package dev.spillway.wire.aggregate;

/**
 * How long one answer may be, and what it pays for while it grows. Both are measured by what is
 * held of it: pieces are many times as long, a token of four letters some 250 bytes.
 *
 * <p>Whatever holds something of a piece tells so at once, and holds nothing once the budget is
 * spent: one piece may have millions of members, and nobody looks at all that is held to count it.
 */
final class FoldBudget {
  /**
   * What an entry of a map takes beside its name and its value: that of a {@code LinkedHashMap} or
   * {@code TreeMap} 40 bytes, its place in a table 8, and 16 to 24 each of the headers of the name,
   * the value and the arrays of both (64-bit HotSpot, compressed references). Without it members
   * that are a few bytes long would be held for nothing.
   */
  private static final int ENTRY_BYTES = 128;

  /** All threads ask the same memory, by compare-and-set, so not for every few bytes. */
  private static final int PAID_EVERY_BYTES = 4 << 10;

  /** What a short answer may take that is limited to still less. */
  private static final int LITTLE_BYTES = 64 << 10;

  private final long maxBytes;
  private final int times;
  private final AnswerMemory.Share memory;
  private Taken state = Taken.YES;
  private long takenBytes;
  private long heldBytes;
  private long paidBytes;

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
  }

  /** What an entry takes, but for its value. */
  static long entryBytes(String name) {
    return ENTRY_BYTES + 2L * name.length(); // beyond Latin-1 a char is two bytes
  }

  /** The same of one whose name is a number. */
  static long entryBytes() {
    return ENTRY_BYTES;
  }

  /** A piece of so many bytes is about to be read. */
  void takes(int bytes) {
    takenBytes += bytes;
  }

  /** What became of the pieces so far. */
  Taken state() {
    if (state == Taken.YES && isTooLong()) {
      state = Taken.TOO_LONG;
    }
    return state;
  }

  /** Whether more may be held; if not, what comes is to be passed over. */
  boolean isOpen() {
    return state == Taken.YES;
  }

  /** So many bytes more are held, or less if negative. */
  void holds(long more) {
    heldBytes += more;
    if (more <= 0 || state != Taken.YES) {
      return;
    }
    if (isTooLong()) {
      state = Taken.TOO_LONG;
      return;
    }
    long due = times * heldBytes - paidBytes;
    if (due < PAID_EVERY_BYTES) {
      return;
    }
    if (memory.takes(due)) {
      paidBytes += due;
    } else {
      state = Taken.NO_ROOM;
    }
  }

  /** How long all pieces were. */
  long takenBytes() {
    return takenBytes;
  }

  /** What is held of them. */
  long heldBytes() {
    return heldBytes;
  }

  /** Nothing is held any more. */
  void release() {
    memory.giveBack(paidBytes);
    paidBytes = 0;
    heldBytes = 0;
  }

  /**
   * Texts have up to twice the room that they need, so what is held may be twice as much as is
   * taken, or a little, unless so much came as well.
   */
  private boolean isTooLong() {
    long needed = Math.max(takenBytes, (heldBytes - LITTLE_BYTES) / 2);
    return Math.min(heldBytes, needed) > maxBytes;
  }
}
