package dev.spillway.core.quota;

import dev.spillway.core.model.Capacity;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The most attempts in flight at a provider that does not say what it can take.
 *
 * <p>Additive increase, multiplicative decrease: each answer that began in good time adds {@code 1
 * / limit} while the limit is in use (so it grows by one a round), a slow one and a refusal cut it.
 *
 * <p>Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance",
 * 1989; delay as the signal after TCP Vegas and Netflix's concurrency-limits. A refusal counts once
 * in {@link ConcurrencyTuning#settleMillis}, as in TCP once a window.
 *
 * <p>Shared by all event loops: one immutable state, stepped by compare-and-set.
 */
public final class ConcurrencyLimit implements Headroom {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long A_MOMENT_NANOS = 250 * NANOS_PER_MILLI;

  /** The share of it that must be taken for it to grow. */
  private static final double IN_USE = 0.5;

  private final ConcurrencyTuning tuning;
  private final int most;
  private final AtomicReference<State> state;

  /** The limit that one starts with. */
  public ConcurrencyLimit(Capacity.OnDemand capacity, ConcurrencyTuning tuning) {
    this.tuning = tuning;
    this.most = capacity.maxConcurrency();
    this.state =
        new AtomicReference<>(new State(0, Math.min(tuning.initial(), most), Long.MIN_VALUE));
  }

  @Override
  public boolean fits(Demand demand, long nowNanos) {
    return state.get().hasRoom();
  }

  @Override
  public long roomFromNanos() {
    return state.get().hasRoom() ? NOW : NEVER;
  }

  @Override
  public long mostTokens() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean tryTake(Demand demand, long nowNanos) {
    while (true) {
      State before = state.get();
      if (!before.hasRoom()) {
        return false;
      }
      if (state.compareAndSet(before, before.plus(1))) {
        return true;
      }
    }
  }

  @Override
  public void take(Demand demand, long nowNanos) {
    state.updateAndGet(before -> before.plus(1));
  }

  @Override
  public void giveBack(Demand taken, Demand used, long nowNanos) {
    state.updateAndGet(before -> before.plus(-1));
  }

  @Override
  public void refused(long sentNanos, long retryAfterNanos, long nowNanos) {
    state.updateAndGet(before ->
        before.calmUntil != Long.MIN_VALUE && nowNanos - before.calmUntil < 0
            ? before
            : new State(
                before.taken,
                bounded(before.limit * tuning.shrinkOnRefusal()),
                nowNanos + tuning.settleMillis() * NANOS_PER_MILLI));
  }

  @Override
  public void accepted(Demand taken, double saturationAtTake, double inflation, long nowNanos) {
    if (inflation >= tuning.badInflation()) {
      state.updateAndGet(before -> before.limited(bounded(before.limit * tuning.shrink())));
    } else if (inflation <= tuning.calmInflation()) {
      state.updateAndGet(before ->
          before.wasInUse(saturationAtTake)
              ? before.limited(bounded(before.limit + 1 / before.limit))
              : before);
    }
  }

  @Override
  public double saturation(long nowNanos) {
    State now = state.get();
    return now.taken / now.limit;
  }

  @Override
  public long roomInNanos(Demand demand, long nowNanos) {
    return state.get().hasRoom() ? 0 : A_MOMENT_NANOS;
  }

  /** Attempts that may be in flight, at least 1. */
  public int limit() {
    return (int) state.get().limit;
  }

  private double bounded(double limit) {
    return Math.clamp(limit, 1.0, (double) most);
  }

  private record State(int taken, double limit, long calmUntil) {
    boolean hasRoom() {
      return taken + 1 <= limit;
    }

    /** With the one that was taken: of a limit of one, there is never more than that. */
    boolean wasInUse(double saturationAtTake) {
      return saturationAtTake + 1 / limit >= IN_USE;
    }

    State plus(int more) {
      if (taken + more < 0) {
        throw new IllegalStateException("more attempts ended than began");
      }
      return new State(taken + more, limit, calmUntil);
    }

    State limited(double next) {
      return new State(taken, next, calmUntil);
    }
  }
}
