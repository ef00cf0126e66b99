package dev.spillway.core.routing;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.forecast.RunningQuantile;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.retry.HedgeTuning;
import dev.spillway.core.retry.LimitTuning;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long attempts at one deployment are worth waiting for, by reasoning effort.
 *
 * <pre>
 *   usual    = learnt 95th percentile of (time to first content / predicted time to first token)
 *   hedge    : after usual * predicted
 *   give up  : after factor * usual * predicted, within floor and ceiling
 *   stall    : after factor * learnt 95th percentile of an answer's longest gap, likewise
 * </pre>
 *
 * <p>The prediction knows the load and the length of the input; what is learnt here is what it does
 * not know: how uneven the deployment is, and how long the model thinks before it shows anything. A
 * request that asks for thinking gets the ceiling, and no hedge, until some answers were seen. An
 * attempt that was given up counts as longer than usual, so that a limit that is too short widens.
 *
 * <p>Shared by all event loops.
 */
public final class Patience {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double SUPPOSED_INFLATION = 2;
  private static final double SUPPOSED_GAP_MILLIS = 1_000;

  private final LimitTuning limits;
  private final HedgeTuning hedge;
  private final Map<ReasoningEffort, Seen> seen;

  /** What was seen of one effort. */
  private record Seen(RunningQuantile inflation, RunningQuantile gapMillis) {}

  Patience(LimitTuning limits, HedgeTuning hedge) {
    this(limits, hedge, new EnumMap<>(ReasoningEffort.class));
    for (ReasoningEffort effort : ReasoningEffort.values()) {
      seen.put(
          effort,
          new Seen(
              new RunningQuantile(LimitTuning.QUANTILE, SUPPOSED_INFLATION),
              new RunningQuantile(LimitTuning.QUANTILE, SUPPOSED_GAP_MILLIS)));
    }
  }

  private Patience(LimitTuning limits, HedgeTuning hedge, Map<ReasoningEffort, Seen> seen) {
    this.limits = limits;
    this.hedge = hedge;
    this.seen = seen;
  }

  /** The same experience, within other bounds. */
  Patience under(LimitTuning otherLimits, HedgeTuning otherHedge) {
    return new Patience(otherLimits, otherHedge, seen);
  }

  /** When an attempt without content is to be given up, nanoseconds from its start. */
  public long firstContentNanos(ReasoningEffort effort, double predictedMillis) {
    long ceiling = limits.firstContentCeiling().toNanos();
    RunningQuantile usual = of(effort).inflation;
    return isKnown(effort, usual)
        ? between(
            limits.firstContentFloor().toNanos(),
            limits.factor() * usual.value() * predictedMillis,
            ceiling)
        : ceiling;
  }

  /** When a second attempt may run beside one without content; {@link Long#MAX_VALUE}: never. */
  public long hedgeAfterNanos(ReasoningEffort effort, double predictedMillis) {
    RunningQuantile usual = of(effort).inflation;
    return isKnown(effort, usual)
        ? between(hedge.notBefore().toNanos(), usual.value() * predictedMillis, Long.MAX_VALUE / 4)
        : Long.MAX_VALUE;
  }

  /** Whether it is known that first contents usually come within this time, nanoseconds. */
  public boolean beginsWithin(long nanos, ReasoningEffort effort, double predictedMillis) {
    RunningQuantile usual = of(effort).inflation;
    return isKnown(effort, usual)
        && usual.value() * predictedMillis * NANOS_PER_MILLI <= (double) nanos;
  }

  /** How long an answer that has begun may be silent, nanoseconds. */
  public long stallNanos(ReasoningEffort effort) {
    RunningQuantile usual = of(effort).gapMillis;
    long ceiling = limits.stallCeiling().toNanos();
    return usual.seen() < limits.learntFrom()
        ? ceiling
        : between(limits.stallFloor().toNanos(), limits.factor() * usual.value(), ceiling);
  }

  /** The first content came after this time. */
  void began(ReasoningEffort effort, double predictedMillis, double tookMillis) {
    of(effort).inflation.observe(tookMillis / Math.max(1, predictedMillis));
  }

  /** No content came in this time, and nobody waited longer. */
  void nothingCame(ReasoningEffort effort, double predictedMillis, double waitedMillis) {
    of(effort).inflation.atLeast(waitedMillis / Math.max(1, predictedMillis));
  }

  /** An answer is whole; between two pieces of it was never more than this. */
  void flowed(ReasoningEffort effort, long longestGapNanos) {
    if (longestGapNanos > 0) {
      of(effort).gapMillis.observe(longestGapNanos / NANOS_PER_MILLI);
    }
  }

  /** An answer fell silent for so long that it was given up. */
  void fellSilent(ReasoningEffort effort) {
    of(effort).gapMillis.atLeast(stallNanos(effort) / NANOS_PER_MILLI);
  }

  private Seen of(ReasoningEffort effort) {
    return requireNonNull(seen.get(effort));
  }

  private boolean isKnown(ReasoningEffort effort, RunningQuantile usual) {
    return effort.answersAtOnce() || usual.seen() >= limits.learntFrom();
  }

  private static long between(long floor, double millis, long ceiling) {
    return (long) Math.clamp(millis * NANOS_PER_MILLI, (double) floor, (double) ceiling);
  }
}
