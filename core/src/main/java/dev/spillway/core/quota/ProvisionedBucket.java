package dev.spillway.core.quota;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.model.Capacity;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The provider's leaky bucket in front of prepaid throughput, run here as well so that we spill
 * before it refuses.
 *
 * <p>The provider lets a request in if its level on arrival is at most 1, however large the request
 * is; adds what it expects of it; puts the truth in its place when it ends; and drains all the time
 * (Microsoft Learn, "Provisioned throughput", read 2026-06). So do we:
 *
 * <pre>
 *   level = weighted tokens / depth,  weighted = input - cached + weight * output
 *   fits  : level &lt;= 1 - margin
 * </pre>
 *
 * <p>What the provider keeps to itself is learnt from its refusals, which say when the level will
 * be 1 again, that is, how many tokens are in the bucket now:
 *
 * <ul>
 *   <li><b>level</b>: set to what the refusal says. Traffic that others send shows here.
 *   <li><b>drain</b>: between two refusals, if the bucket was never empty, just as much was taken
 *       as drained away: {@code drain = taken / time}; moved halfway there, by a tenth at most.
 *   <li><b>depth</b>: if it was empty since, what was taken from its bottom up to its brim is its
 *       depth; moved there by {@link BucketTuning#depthBlame}.
 *   <li><b>both</b> grow a little with what is taken at the brim, there may be more; the depth only
 *       if the bucket was empty since the last refusal.
 *   <li><b>margin</b>: adaptive conformal inference over spills, see {@link ConformalMargin}; a
 *       miss is a spill that began with a refusal of an attempt sent when no other was known: a
 *       burst is one. It pays for what the rest gets wrong.
 * </ul>
 *
 * <p>With an answer it may state how full it was when it took the request. Where that is more than
 * we believe, others send there too, and the level is raised. It is never lowered by that: what a
 * refusal says is surer, and several hubs may be about to send.
 *
 * <p>Shared by all event loops: one immutable {@link BucketState}, stepped by compare-and-set.
 */
public final class ProvisionedBucket implements Headroom {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MOST_DRAIN_CHANGE = 0.1;
  private static final double NEAR_THE_BRIM = 0.1;
  private static final long SHORTEST_BALANCE_NANOS = 1_000_000_000;

  private final BucketTuning tuning;
  private final double outputWeight;
  private final BucketState.Size prior;
  private final ConformalMargin margin;
  private final AtomicReference<BucketState> state;

  /** When we last heard a refusal. */
  private final AtomicLong refusalKnownAt = new AtomicLong(NOW);

  /** An empty bucket of the size that was configured. */
  public ProvisionedBucket(Capacity.Provisioned capacity, BucketTuning tuning) {
    this.tuning = tuning;
    this.outputWeight = capacity.outputTokenWeight();
    this.prior =
        new BucketState.Size(
            capacity.tokensPerSecond() / NANOS_PER_SECOND,
            capacity.tokensPerSecond() * tuning.depthSeconds());
    this.margin = new ConformalMargin(0, tuning.marginStep());
    this.state = new AtomicReference<>(new BucketState(0, 0, 0, prior, BucketState.Mark.NONE));
  }

  @Override
  public boolean fits(Demand demand, long nowNanos) {
    return isOpen(state.get().levelAt(nowNanos));
  }

  /** A moment later than reckoned: rounding must not promise what {@link #tryTake} refuses. */
  @Override
  public long roomFromNanos() {
    BucketState now = state.get();
    if (isOpen(now.level())) {
      return NOW;
    }
    double over = now.tokens() - now.size().depthTokens() * (1 - margin.value());
    return now.atNanos() + (long) Math.ceil(Math.max(0, over) / now.size().drainPerNano()) + 1;
  }

  /** However large a request is, it is let in by the level before it. */
  @Override
  public long mostTokens() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean tryTake(Demand demand, long nowNanos) {
    while (true) {
      BucketState before = state.get();
      BucketState now = before.at(nowNanos);
      if (!isOpen(now.level())) {
        return false;
      }
      if (state.compareAndSet(before, now.plus(weighted(demand)))) {
        return true;
      }
    }
  }

  @Override
  public void take(Demand demand, long nowNanos) {
    state.updateAndGet(before -> before.at(nowNanos).plus(weighted(demand)));
  }

  @Override
  public void giveBack(Demand taken, Demand used, long nowNanos) {
    double correction = weighted(used) - weighted(taken);
    state.updateAndGet(before -> before.at(nowNanos).plus(correction));
  }

  @Override
  public void refused(long sentNanos, long retryAfterNanos, long nowNanos) {
    long known = refusalKnownAt.getAndUpdate(before -> Math.max(before, nowNanos));
    if (sentNanos - known > 0) {
      margin.missed(tuning.spillsThatMayMiss());
    }
    state.updateAndGet(before -> learnt(before.at(nowNanos)).brimIn(retryAfterNanos));
  }

  @Override
  public void accepted(Demand taken, double saturationAtTake, double inflation, long nowNanos) {
    if (saturationAtTake >= 1 - margin.value() - NEAR_THE_BRIM) {
      state.updateAndGet(before -> before.sized(probed(before, taken)));
    }
  }

  /**
   * The provider stated how full it was when it took an attempt, 1 is full. More than can drain in
   * {@link StatedQuotas#LONGEST_NANOS} is not believed.
   *
   * @param then what had been sent
   */
  public void stated(double utilization, SentSoFar then, long nowNanos) {
    state.updateAndGet(before -> {
      BucketState now = before.at(nowNanos);
      BucketState.Size size = now.size();
      double drained = size.drainPerNano() * (nowNanos - then.atNanos());
      double since = now.putIn() - then.weightedTokens();
      double told = utilization * size.depthTokens() + since - drained;
      double most = size.depthTokens() + size.drainPerNano() * StatedQuotas.LONGEST_NANOS;
      double held = Math.min(told, most);
      return held > now.tokens() ? now.told(held) : now;
    });
  }

  /** Weighted tokens that were ever put in, less those that were given back. */
  public double putIn() {
    return state.get().putIn();
  }

  /** Whether it is full, and would not be but for what the provider stated. */
  public boolean isFullAsStated(long nowNanos) {
    BucketState now = state.get().at(nowNanos);
    double ours = now.tokens() - now.mark().foreign();
    return !isOpen(now.level()) && isOpen(ours / now.size().depthTokens());
  }

  /** A request went elsewhere because this bucket was about to be full. */
  public void spilled() {
    margin.kept(tuning.spillsThatMayMiss());
  }

  @Override
  public double saturation(long nowNanos) {
    return state.get().levelAt(nowNanos);
  }

  @Override
  public long roomInNanos(Demand demand, long nowNanos) {
    BucketState now = state.get().at(nowNanos);
    double over = now.tokens() - now.size().depthTokens() * (1 - margin.value());
    return (long) Math.max(0, Math.ceil(over / now.size().drainPerNano()));
  }

  /** The learnt safety margin, as a share of the level, 0 to 1. */
  public double marginLevel() {
    return margin.value();
  }

  /** Weighted tokens that are believed to drain in a second. */
  public double tokensPerSecond() {
    return state.get().size().drainPerNano() * NANOS_PER_SECOND;
  }

  /** Refusals that were on their way while the first told us already teach nothing new. */
  private BucketState learnt(BucketState now) {
    BucketState.Mark mark = now.mark();
    double drain = now.size().drainPerNano();
    double depth = now.size().depthTokens();
    long sinceMark = now.atNanos() - mark.fromNanos();
    if (mark.sawEmpty()) {
      depth *= 1 - tuning.depthBlame() * (1 - Math.min(1, now.level()));
    } else if (sinceMark >= SHORTEST_BALANCE_NANOS) {
      double change = (mark.taken() / sinceMark / drain - 1) / 2;
      drain *= 1 + Math.clamp(change, -MOST_DRAIN_CHANGE, MOST_DRAIN_CHANGE);
    }
    return now.sized(bounded(drain, depth));
  }

  /** The brim says nothing of the depth until the bucket was empty once more. */
  private BucketState.Size probed(BucketState now, Demand taken) {
    BucketState.Size size = now.size();
    double more = 1 + tuning.probe() * weighted(taken) / size.depthTokens();
    double depth = now.mark().sawEmpty() ? size.depthTokens() * more : size.depthTokens();
    return bounded(size.drainPerNano() * more, depth);
  }

  private BucketState.Size bounded(double drain, double depth) {
    return new BucketState.Size(
        within(drain, prior.drainPerNano()), within(depth, prior.depthTokens()));
  }

  private double within(double value, double configured) {
    return Math.clamp(value, configured / tuning.mostChange(), configured * tuning.mostChange());
  }

  private boolean isOpen(double level) {
    return level <= 1 - margin.value();
  }

  private double weighted(Demand demand) {
    return demand.inputTokens() + outputWeight * demand.outputTokens();
  }
}
