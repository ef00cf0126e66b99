package dev.spillway.core.pricing;

import dev.spillway.core.model.ProviderId;
import dev.spillway.core.policy.CompiledPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What each provider was paid, and its share of the output tokens, in the present period: settled
 * amounts and reservations of requests under way.
 *
 * <p>A reservation made in one period and settled in the next moves with the calendar: it is paid
 * for when it is settled. Shared by all event loops: a record a meter, stepped by compare-and-set.
 */
public final class SpendMeters {
  private final List<Meter> meters = new ArrayList<>();

  /** Meters at nothing. */
  public SpendMeters(List<CompiledPolicy.Meter> counted) {
    this(counted, null);
  }

  private SpendMeters(List<CompiledPolicy.Meter> counted, @Nullable SpendMeters before) {
    for (CompiledPolicy.Meter each : counted) {
      Meter known = before == null ? null : before.find(each);
      meters.add(known == null ? new Meter(each) : known);
    }
  }

  /** The same meters under another policy; those that it counts as well go on counting. */
  public SpendMeters successor(List<CompiledPolicy.Meter> counted) {
    return new SpendMeters(counted, this);
  }

  /**
   * Whether a cap leaves room for a request: whether it would not take what is counted above it.
   *
   * @param priceNanoUsd what it is expected to cost; 0 never exceeds a cap on spend
   * @param outputTokens what it is expected to answer
   */
  public boolean allows(
      CompiledPolicy.Cap cap, double priceNanoUsd, long outputTokens, long epochSecond) {
    return meters.get(cap.meter()).count.get().allows(cap, priceNanoUsd, outputTokens, epochSecond);
  }

  /** Work is about to be sent to a provider. */
  public void reserve(ProviderId provider, Amounts estimate, long epochSecond) {
    for (Meter meter : meters) {
      meter.step(epochSecond, before -> before.reserved(meter.counts(provider), estimate));
    }
  }

  /** Work at a provider is over: the truth replaces the estimate. */
  public void settle(ProviderId provider, Amounts estimate, Amounts truth, long epochSecond) {
    for (Meter meter : meters) {
      meter.step(epochSecond, before -> before.settled(meter.counts(provider), estimate, truth));
    }
  }

  /** What a provider was paid in the present period, settled, in nano-dollars. */
  public long spentNanoUsd(int meter, long epochSecond) {
    return meters.get(meter).at(epochSecond).spent.nanoUsd;
  }

  private @Nullable Meter find(CompiledPolicy.Meter counted) {
    for (Meter each : meters) {
      if (each.counted.equals(counted)) {
        return each;
      }
    }
    return null;
  }

  /**
   * What one request costs and answers, or several together.
   *
   * @param nanoUsd nano-dollars
   * @param outputTokens output tokens
   */
  public record Amounts(long nanoUsd, long outputTokens) {
    private static final Amounts NOTHING = new Amounts(0, 0);

    private Amounts plus(Amounts more) {
      return new Amounts(nanoUsd + more.nanoUsd, outputTokens + more.outputTokens);
    }

    private Amounts minus(Amounts less) {
      return new Amounts(nanoUsd - less.nanoUsd, outputTokens - less.outputTokens);
    }
  }

  private static final class Meter {
    final CompiledPolicy.Meter counted;
    private final AtomicReference<Count> count =
        new AtomicReference<>(new Count(Long.MIN_VALUE, Amounts.NOTHING, Amounts.NOTHING, 0, 0));

    Meter(CompiledPolicy.Meter counted) {
      this.counted = counted;
    }

    boolean counts(ProviderId provider) {
      return counted.provider().equals(provider);
    }

    Count at(long epochSecond) {
      Count now = count.get();
      return epochSecond < now.until ? now : now.next(counted.per().endOf(epochSecond));
    }

    void step(long epochSecond, UnaryOperator<Count> change) {
      count.updateAndGet(before ->
          change.apply(
              epochSecond < before.until ? before : before.next(counted.per().endOf(epochSecond))));
    }
  }

  /**
   * One meter at one instant. What is settled begins anew with each period; what is reserved is
   * under way in whichever it is.
   *
   * @param until the first second of the next period
   * @param spent settled, of the provider
   * @param reserved of its requests under way
   * @param allTokens output tokens of all providers, settled
   * @param allReserved output tokens of all requests under way
   */
  private record Count(
      long until, Amounts spent, Amounts reserved, long allTokens, long allReserved) {
    /**
     * When the next period begins is nothing to a decision: what is counted then is nothing yet.
     */
    boolean allows(
        CompiledPolicy.Cap cap, double priceNanoUsd, long outputTokens, long epochSecond) {
      boolean over = epochSecond >= until;
      long paid = reserved.nanoUsd + (over ? 0 : spent.nanoUsd);
      long theirs = outputTokens + reserved.outputTokens + (over ? 0 : spent.outputTokens);
      long all = outputTokens + allReserved + (over ? 0 : allTokens);
      // Estimates may be too low: what costs nothing takes no spend above a cap that is overspent.
      boolean affordable =
          cap.spend() == null || priceNanoUsd == 0 || paid + priceNanoUsd <= cap.spend().amount();
      return affordable && (double) theirs / Math.max(1, all) <= cap.share();
    }

    Count next(long end) {
      return new Count(end, Amounts.NOTHING, reserved, 0, allReserved);
    }

    Count reserved(boolean ours, Amounts estimate) {
      return new Count(
          until,
          spent,
          ours ? reserved.plus(estimate) : reserved,
          allTokens,
          allReserved + estimate.outputTokens);
    }

    Count settled(boolean ours, Amounts estimate, Amounts truth) {
      return new Count(
          until,
          ours ? spent.plus(truth) : spent,
          ours ? reserved.minus(estimate) : reserved,
          allTokens + truth.outputTokens,
          allReserved - estimate.outputTokens);
    }
  }
}
