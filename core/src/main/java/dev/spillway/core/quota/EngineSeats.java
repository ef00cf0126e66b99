package dev.spillway.core.quota;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.provider.EngineReport;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

/**
 * Room in the batches and the KV caches of our own engines.
 *
 * <p>With one hub its own ledger is exact and at once; a report is late but sees what others send.
 * Both are used: ours now, and whatever the report had beyond ours when it came. Since requests and
 * reports cross on the network, only a surplus that two reports in a row show is believed.
 *
 * <pre>
 *   foreign   = min over the last two reports of max(0, running + waiting - ours at that report)
 *   sequences = ours + foreign                        &lt; replicas * sequencesPerReplica
 *   kv        = ours + max(0, kvUse * kv - ours then)  &lt;= plannedKvShare * replicas * kvTokens
 *   queue     = min(waiting - ours ended since,
 *                   ours unbegun + surplus)            &lt; replicas, while the report is fresh
 * </pre>
 *
 * <p>The last is SkyWalker's pending rule (arXiv 2505.24095): a replica takes new work while its
 * own queue is empty. A report is seconds old when the next one comes, and engines read a queue in
 * less; so none is believed in of which we know that it has begun: nothing of ours waits there that
 * has given its first token. Else a crowd that comes at once, as when another deployment fell ill,
 * would be let in by the crowd, and engines would stand idle in between.
 *
 * <p>Shared by all event loops: one immutable state, stepped by compare-and-set.
 */
public final class EngineSeats implements Headroom {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long A_MOMENT_NANOS = 100 * NANOS_PER_MILLI;

  /** A site may report any number; with ours added it is to stay one. */
  private static final int MOST_OF_OTHERS = Integer.MAX_VALUE / 2;

  private final EngineTuning tuning;
  private final Capacity.SelfHosted capacity;
  private final IntSupplier unbegun;
  private final AtomicReference<State> state;

  /**
   * Empty engines.
   *
   * @param unbegun attempts of ours at them that are not over, and whose first token was not seen,
   *     be it that nobody will see it
   */
  public EngineSeats(Capacity.SelfHosted capacity, EngineTuning tuning, IntSupplier unbegun) {
    this.tuning = tuning;
    this.capacity = capacity;
    this.unbegun = unbegun;
    this.state = new AtomicReference<>(State.unreported(0, 0, capacity));
  }

  @Override
  public boolean fits(Demand demand, long nowNanos) {
    return hasRoom(state.get(), demand, nowNanos);
  }

  @Override
  public long roomFromNanos() {
    State now = state.get();
    if (now.sequences() >= seats(now)) {
      return NEVER;
    }
    return hasQueue(now) ? now.reportedAtNanos + heldReportNanos() : NOW;
  }

  @Override
  public long mostTokens() {
    State now = state.get();
    return now.taken == 0 ? Long.MAX_VALUE : (long) Math.floor(plannedKv(now)) - now.kv();
  }

  @Override
  public boolean tryTake(Demand demand, long nowNanos) {
    while (true) {
      State before = state.get();
      if (!hasRoom(before, demand, nowNanos)) {
        return false;
      }
      if (state.compareAndSet(before, before.plus(demand.tokens()))) {
        return true;
      }
    }
  }

  @Override
  public void take(Demand demand, long nowNanos) {
    state.updateAndGet(before -> before.plus(demand.tokens()));
  }

  @Override
  public void giveBack(Demand taken, Demand used, long nowNanos) {
    state.updateAndGet(before -> before.minus(taken.tokens()));
  }

  /** Engines of our own that refuse have a queue; the next report says how long. */
  @Override
  public void refused(long sentNanos, long retryAfterNanos, long nowNanos) {}

  @Override
  public void accepted(Demand taken, double saturationAtTake, double inflation, long nowNanos) {}

  /** The engines said how they are. */
  public void report(EngineReport report, long nowNanos) {
    state.updateAndGet(before -> before.reported(report, capacity, nowNanos));
  }

  /** The engines have said nothing for so long that what they said last means nothing. */
  public void forgetReport() {
    state.updateAndGet(before -> State.unreported(before.taken, before.kvTaken, capacity));
  }

  /** Sequences that the engines hold, by our ledger and the surplus of the reports. */
  public int sequences() {
    return state.get().sequences();
  }

  /** Sequences of others that the engines hold, as the last two reports agree. */
  public int foreign() {
    return state.get().foreign;
  }

  /** Replicas that answered the last report, or those configured if there is none. */
  public int replicas() {
    return state.get().replicas;
  }

  @Override
  public double saturation(long nowNanos) {
    State now = state.get();
    double kv = (double) now.kv() / ((double) now.replicas * capacity.kvTokensPerReplica());
    return Math.max(kv, (double) now.sequences() / seats(now));
  }

  @Override
  public long roomInNanos(Demand demand, long nowNanos) {
    return fits(demand, nowNanos) ? 0 : A_MOMENT_NANOS;
  }

  /** A request that no engine could ever hold beside others is let into an empty deployment. */
  private boolean hasRoom(State now, Demand demand, long nowNanos) {
    if (now.sequences() >= seats(now) || queueIsLong(now, nowNanos)) {
      return false;
    }
    return now.taken == 0 || now.kv() + demand.tokens() <= plannedKv(now);
  }

  private boolean queueIsLong(State now, long nowNanos) {
    return hasQueue(now) && nowNanos - now.reportedAtNanos < heldReportNanos();
  }

  private boolean hasQueue(State now) {
    int left = now.waiting - now.endedSince;
    return left >= now.replicas && unbegun.getAsInt() + now.surplus >= now.replicas;
  }

  private long heldReportNanos() {
    return tuning.heldReportMillis() * NANOS_PER_MILLI;
  }

  private double plannedKv(State now) {
    return tuning.plannedKvShare() * now.replicas * (double) capacity.kvTokensPerReplica();
  }

  private long seats(State now) {
    return (long) now.replicas * capacity.sequencesPerReplica();
  }

  /**
   * Everything at one instant.
   *
   * @param taken our attempts, unfinished
   * @param kvTaken tokens reserved for them
   * @param surplus sequences beyond ours in the last report
   * @param foreign the same, in the last two
   * @param waiting the engines' queues in the last report
   * @param foreignKv KV tokens beyond ours in the last report
   * @param endedSince our attempts that ended since
   */
  private record State(
      int taken,
      long kvTaken,
      int replicas,
      int surplus,
      int foreign,
      int waiting,
      long foreignKv,
      long reportedAtNanos,
      int endedSince) {
    static State unreported(int taken, long kvTaken, Capacity.SelfHosted capacity) {
      return new State(taken, kvTaken, capacity.replicas(), 0, 0, 0, 0, Long.MIN_VALUE, 0);
    }

    int sequences() {
      return taken + foreign;
    }

    long kv() {
      return kvTaken + foreignKv;
    }

    State plus(long tokens) {
      return counted(taken + 1, kvTaken + tokens, endedSince);
    }

    State minus(long tokens) {
      if (taken == 0 || kvTaken < tokens) {
        throw new IllegalStateException("more attempts ended than began");
      }
      return counted(taken - 1, kvTaken - tokens, Math.min(endedSince + 1, waiting));
    }

    State reported(EngineReport report, Capacity.SelfHosted capacity, long nowNanos) {
      long beyondOurs = (long) report.running() + report.waiting() - taken;
      int more = Math.clamp(beyondOurs, 0, MOST_OF_OTHERS);
      double kv = report.kvUse() * report.replicas() * (double) capacity.kvTokensPerReplica();
      return new State(
          taken,
          kvTaken,
          report.replicas(),
          more,
          Math.min(more, surplus),
          report.waiting(),
          Math.max(0, (long) kv - kvTaken),
          nowNanos,
          0);
    }

    private State counted(int nextTaken, long nextKv, int nextEnded) {
      return new State(
          nextTaken,
          nextKv,
          replicas,
          surplus,
          foreign,
          waiting,
          foreignKv,
          reportedAtNanos,
          nextEnded);
    }
  }
}
