package dev.spillway.wire.resume;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Memory for the text of all answers under way together, kept so that they can be continued
 * elsewhere. May be used by any thread; a {@link Share} by one.
 *
 * <p>No request gets more of it than a {@value #SHARES}th of what is left (dynamic thresholds:
 * Choudhury and Hahne, "Dynamic queue length thresholds in a shared memory switch", 1998), and one
 * that asks for more lets go of all that it had. So thousands of long answers leave {@value
 * #SHARES} times the length of one of them, and shorter ones beside them, which most are, can still
 * be continued.
 *
 * <p>It is taken in blocks, a few a request: nothing is counted for each chunk.
 */
public final class ContinuationMemory {
  private static final int SHARES = 128;

  private final long bytes;
  private final AtomicLong left;
  private final LongAdder unkept = new LongAdder();

  /**
   * None is taken yet.
   *
   * @param bytes at least 0; 0 keeps nothing
   */
  public ContinuationMemory(long bytes) {
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

  /** Answers so far whose text was let go because there was no memory for more of it. */
  public long unkept() {
    return unkept.sum();
  }

  /** What one request has of it, for all its attempts; one thread, and closed in the end. */
  public final class Share implements AutoCloseable {
    private long taken;
    private boolean closed;

    private Share() {}

    /** Takes so many bytes, or none if they are too many. */
    boolean takes(int more) {
      long before = left.get();
      while (!closed && taken + more <= before / SHARES) {
        if (left.compareAndSet(before, before - more)) {
          taken += more;
          return true;
        }
        before = left.get();
      }
      return false;
    }

    void giveBack(int some) {
      if (!closed) {
        taken -= some;
        left.addAndGet(some);
      }
    }

    /** The text of an answer was let go for lack of memory. */
    void counts() {
      unkept.increment();
    }

    /** The request is over: gives all of it back, once. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        left.addAndGet(taken);
      }
    }
  }
}
