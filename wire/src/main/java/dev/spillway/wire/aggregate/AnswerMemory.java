package dev.spillway.wire.aggregate;

import dev.spillway.core.admission.MemoryBudget;
import dev.spillway.core.model.TenantId;
import java.util.concurrent.atomic.LongAdder;

/**
 * Memory for the answers of all requests together that are held until all of them came: whole ones,
 * and streams that are folded; no tenant takes all of it. May be used by any thread; a {@link
 * Share} by one.
 *
 * <p>The first {@value #UNCOUNTED_BYTES} bytes of a request are not counted: most answers are no
 * longer, a request costs as much before it has one, and connections bound how many there are.
 */
public final class AnswerMemory {
  /** What a request has without asking. */
  static final int UNCOUNTED_BYTES = 8 << 10;

  private final MemoryBudget budget;
  private final LongAdder refused = new LongAdder();

  /**
   * None is taken yet.
   *
   * @param bytes at least 0; 0 holds no answer of more than is not counted
   */
  public AnswerMemory(long bytes) {
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

  /** Answers so far for which there was no memory. */
  public long refused() {
    return refused.sum();
  }

  /**
   * What one request has of it, for all its attempts, until its client has the answer; one thread,
   * and closed in the end.
   */
  public final class Share implements AutoCloseable {
    private final TenantId tenant;
    private long held;
    private boolean closed;

    private Share(TenantId tenant) {
      this.tenant = tenant;
    }

    /** Takes so many bytes, or none if they are not there. */
    public boolean takes(long more) {
      long before = counted(held);
      long due = counted(held + more) - before;
      if (closed) {
        return false;
      }
      if (due > 0 && !budget.of(tenant).tryTake(due, before)) {
        refused.increment();
        return false;
      }
      held += more;
      return true;
    }

    /** Gives back some of what it took. */
    public void giveBack(long some) {
      if (!closed && some > 0) {
        long due = counted(held) - counted(held - some);
        if (due > 0) {
          budget.of(tenant).giveBack(due);
        }
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
