package dev.spillway.wire.resume;

import dev.spillway.core.admission.MemoryBudget;
import dev.spillway.core.model.TenantId;
import java.util.concurrent.atomic.LongAdder;

/**
 * Memory for the text of all answers under way together, kept so that they can be continued
 * elsewhere. May be used by any thread; a {@link Share} by one.
 *
 * <p>No request gets more of it than a {@value #SHARES}th of what is left (dynamic thresholds:
 * Choudhury and Hahne, "Dynamic queue length thresholds in a shared memory switch", 1998), and one
 * that asks for more lets go of all that it had. So thousands of long answers leave {@value
 * #SHARES} times the length of one of them, and shorter ones beside them, which most are, can still
 * be continued. Nor does one tenant take all of it, by however many requests.
 *
 * <p>It is taken in blocks, a few a request: nothing is counted for each chunk.
 */
public final class ContinuationMemory {
  private static final int SHARES = 128;

  private final MemoryBudget budget;
  private final LongAdder unkept = new LongAdder();

  /**
   * None is taken yet.
   *
   * @param bytes at least 0; 0 keeps nothing
   */
  public ContinuationMemory(long bytes) {
    this.budget = new MemoryBudget(bytes);
  }

  /** That of one request of this tenant, which has nothing yet. */
  public Share share(TenantId tenant) {
    return new Share(tenant);
  }

  /** How much is taken. */
  public long takenBytes() {
    return budget.takenBytes();
  }

  /** Answers so far whose text was let go because there was no memory for more of it. */
  public long unkept() {
    return unkept.sum();
  }

  /** What one request has of it, for all its attempts; one thread, and closed in the end. */
  public final class Share implements AutoCloseable {
    private final TenantId tenant;
    private long taken;
    private boolean closed;

    private Share(TenantId tenant) {
      this.tenant = tenant;
    }

    /** Takes so many bytes, or none if they are too many. */
    boolean takes(int more) {
      if (closed
          || taken + more > budget.leftBytes() / SHARES
          || !budget.of(tenant).tryTake(more, taken)) {
        return false;
      }
      taken += more;
      return true;
    }

    void giveBack(int some) {
      if (!closed) {
        taken -= some;
        budget.of(tenant).giveBack(some);
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
        if (taken > 0) {
          budget.of(tenant).giveBack(taken);
        }
      }
    }
  }
}
