package dev.spillway.wire.aggregate;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Memory for the answers of all requests together that are held until all of them came: whole ones,
 * and streams that are folded. May be used by any thread; a {@link Share} by one.
 *
 * <p>The first {@value #UNCOUNTED_BYTES} bytes of a request are not counted: most answers are no
 * longer, a request costs as much before it has one, and connections bound how many there are.
 */
public final class AnswerMemory {
  /** What a request has without asking. */
  static final int UNCOUNTED_BYTES = 8 << 10;

  private final long bytes;
  private final AtomicLong left;
  private final LongAdder refused = new LongAdder();

  /**
   * None is taken yet.
   *
   * @param bytes at least 0; 0 holds no answer of more than is not counted
   */
  public AnswerMemory(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
    this.bytes = bytes;
    this.left = new AtomicLong(bytes);
  }

  /** That of one request, which has nothing yet. */
  public Share share() {
    return new Share();
  }

  /** How much is taken. */
  public long takenBytes() {
    return bytes - left.get();
  }

  /** Answers so far for which there was no memory. */
  public long refused() {
    return refused.sum();
  }

  private boolean take(long some) {
    if (left.addAndGet(-some) >= 0) {
      return true;
    }
    left.addAndGet(some);
    refused.increment();
    return false;
  }

  /**
   * What one request has of it, for all its attempts, until its client has the answer; one thread,
   * and closed in the end.
   */
  public final class Share implements AutoCloseable {
    private long held;
    private boolean closed;

    private Share() {}

    /** Takes so many bytes, or none if they are not there. */
    public boolean takes(long more) {
      long due = counted(held + more) - counted(held);
      if (closed || (due > 0 && !take(due))) {
        return false;
      }
      held += more;
      return true;
    }

    /** Gives back some of what it took. */
    public void giveBack(long some) {
      if (!closed && some > 0) {
        left.addAndGet(counted(held) - counted(held - some));
        held -= some;
      }
    }

    /** Whether there is anything that somebody else may wait for. */
    public boolean isCounted() {
      return counted(held) > 0;
    }

    /** Gives all of it back, once. */
    @Override
    public void close() {
      giveBack(held);
      closed = true;
    }

    private static long counted(long some) {
      return Math.max(0, some - UNCOUNTED_BYTES);
    }
  }
}
