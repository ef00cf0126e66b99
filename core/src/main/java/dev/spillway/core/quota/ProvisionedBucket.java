package dev.spillway.core.quota;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.model.Capacity;
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
 *   <li><b>drain</b>: between two such instants just as much was taken as drained away, so {@code
 *       drain = taken / time}; moved halfway there, by a tenth at most.
 *   <li><b>depth</b>: refused at a predicted level below 1, it is shallower than believed.
 *   <li><b>both</b> grow a little with each request taken at the brim: there may be more.
 *   <li><b>margin</b>: adaptive conformal inference over spills, see {@link ConformalMargin}; a
 *       miss is a spill that began with a refusal.
 * </ul>
 *
 * <p>Shared by all event loops: one immutable {@link BucketState}, stepped by compare-and-set.
 */
public final class ProvisionedBucket implements Headroom {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MOST_DRAIN_CHANGE = 0.1;
  private static final double NEAR_THE_BRIM = 0.1;

  private final BucketTuning tuning;
  private final double outputWeight;
  private final double priorDrainPerNano;
  private final double priorDepthTokens;
  private final ConformalMargin margin;
  private final AtomicReference<BucketState> state;

  /** An empty bucket of the size that was configured. */
  public ProvisionedBucket(Capacity.Provisioned capacity, BucketTuning tuning) {
    this.tuning = tuning;
    this.outputWeight = capacity.outputTokenWeight();
    this.priorDrainPerNano = capacity.tokensPerSecond() / NANOS_PER_SECOND;
    this.priorDepthTokens = capacity.tokensPerSecond() * tuning.depthSeconds();
    this.margin = new ConformalMargin(tuning.marginStep());
    this.state =
        new AtomicReference<>(
            new BucketState(0, 0, priorDrainPerNano, priorDepthTokens, 0, BucketState.NEVER));
  }

  @Override
  public boolean fits(Demand demand, long nowNanos) {
    return isOpen(state.get().at(nowNanos));
  }

  @Override
  public boolean tryTake(Demand demand, long nowNanos) {
    while (true) {
      BucketState before = state.get();
      BucketState now = before.at(nowNanos);
      if (!isOpen(now)) {
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
  public void refused(long retryAfterNanos, long nowNanos) {
    margin.missed(tuning.spillsThatMayMiss());
    state.updateAndGet(before -> learnt(before.at(nowNanos)).brimIn(retryAfterNanos));
  }

  @Override
  public void accepted(double saturationAtTake, double inflation, long nowNanos) {
    if (saturationAtTake >= 1 - margin.value() - NEAR_THE_BRIM) {
      double more = 1 + tuning.probe();
      state.updateAndGet(before ->
          before.sized(
              within(before.drainPerNano() * more, priorDrainPerNano),
              within(before.depthTokens() * more, priorDepthTokens)));
    }
  }

  /** A request went elsewhere because this bucket was about to be full. */
  public void spilled() {
    margin.kept(tuning.spillsThatMayMiss());
  }

  @Override
  public double saturation(long nowNanos) {
    return state.get().at(nowNanos).level();
  }

  @Override
  public long roomInNanos(Demand demand, long nowNanos) {
    BucketState now = state.get().at(nowNanos);
    double over = now.tokens() - now.depthTokens() * (1 - margin.value());
    return (long) Math.max(0, Math.ceil(over / now.drainPerNano()));
  }

  /** The learnt safety margin, as a share of the level, 0 to 1. */
  public double marginLevel() {
    return margin.value();
  }

  /** Weighted tokens that are believed to drain in a second. */
  public double tokensPerSecond() {
    return state.get().drainPerNano() * NANOS_PER_SECOND;
  }

  /** Refusals that were on their way while the first told us already teach nothing new. */
  private BucketState learnt(BucketState now) {
    long sinceBrim = now.atNanos() - now.brimNanos();
    boolean known = now.sinceBrim() != BucketState.NEVER;
    if (known && sinceBrim < 0) {
      return now;
    }
    double drain = now.drainPerNano();
    double depthNanos = now.depthTokens() / drain;
    if (known && sinceBrim >= depthNanos) {
      double change = (now.sinceBrim() / sinceBrim - drain) / drain / 2;
      drain *= 1 + Math.clamp(change, -MOST_DRAIN_CHANGE, MOST_DRAIN_CHANGE);
    }
    double gap = Math.max(0, 1 - now.level());
    double depth = now.depthTokens() * (1 - tuning.depthBlame() * gap);
    return now.sized(within(drain, priorDrainPerNano), within(depth, priorDepthTokens));
  }

  private double within(double value, double prior) {
    return Math.clamp(value, prior / tuning.mostChange(), prior * tuning.mostChange());
  }

  private boolean isOpen(BucketState now) {
    return now.level() <= 1 - margin.value();
  }

  private double weighted(Demand demand) {
    return demand.inputTokens() + outputWeight * demand.outputTokens();
  }
}
