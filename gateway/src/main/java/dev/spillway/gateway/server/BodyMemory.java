package dev.spillway.gateway.server;

import dev.spillway.core.admission.MemoryBudget;
import dev.spillway.core.model.TenantId;
import java.util.concurrent.atomic.LongAdder;

/** Memory for the bodies of all requests together; may be used by any thread. */
public final class BodyMemory {
  private final MemoryBudget budget;
  private final LongAdder refused = new LongAdder();

  /**
   * None is taken yet.
   *
   * @param bytes at least 0
   */
  public BodyMemory(long bytes) {
    this.budget = new MemoryBudget(bytes);
  }

  /** How much is taken. */
  public long takenBytes() {
    return budget.takenBytes();
  }

  /** Requests so far for whose body there was no memory. */
  public long refused() {
    return refused.sum();
  }

  /** What one tenant has of it. */
  MemoryBudget.Part of(TenantId tenant) {
    return budget.of(tenant);
  }

  /** A request is turned away because its body found no room. */
  void refuse() {
    refused.increment();
  }
}
