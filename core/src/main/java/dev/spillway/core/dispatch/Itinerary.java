package dev.spillway.core.dispatch;

import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Usage;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.retry.Elsewhere;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Scan;
import dev.spillway.core.routing.Tried;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a journey holds and where it was: the dispatcher's own notes on it.
 *
 * <p>References, not indexes: what was taken is given back where it was taken, even if the
 * configuration has changed in between. Owned by whoever runs the journey; not thread-safe.
 */
final class Itinerary implements Tried {
  private final List<Stop> stops = new ArrayList<>(2);
  private @Nullable Entry entry;
  private @Nullable Held held;
  private @Nullable Pool waitsFor;
  private boolean secondChance;
  private int attempts;
  private long usedTokens;

  /** It passed the door. */
  record Entry(TenantGate gate, RoutingRequest request, long estimatedTokens) {}

  /**
   * An attempt under way.
   *
   * @param scan what it was decided upon
   * @param place its deployment in the pool
   * @param meters where its price is reserved
   */
  record Held(
      Reservation reservation,
      Scan scan,
      int place,
      SpendMeters meters,
      SpendMeters.Amounts estimate) {}

  private record Stop(DeploymentId deployment, Elsewhere meaning) {}

  void entered(Entry at) {
    entry = at;
  }

  RoutingRequest request() {
    return requireEntry().request();
  }

  /** What it entered with, once; null if it never entered or has left. */
  @Nullable Entry leave() {
    Entry was = entry;
    entry = null;
    return was;
  }

  void hold(Held attempt) {
    if (held != null) {
      throw new IllegalStateException(
          "the attempt at " + held.reservation().at().deployment().id() + " has not ended");
    }
    held = attempt;
    attempts++;
  }

  /** The attempt under way. */
  Held held() {
    if (held == null) {
      throw new IllegalStateException("no attempt is under way");
    }
    return held;
  }

  boolean isUnderWay() {
    return held != null;
  }

  /** The attempt under way has ended, having used this. */
  Held letGo(Usage usage) {
    Held was = held();
    held = null;
    usedTokens += usage.inputTokens() + usage.outputTokens();
    return was;
  }

  void failedAt(DeploymentId deployment, Elsewhere meaning) {
    stops.add(new Stop(deployment, meaning));
  }

  /** Attempts made so far. */
  int attempts() {
    return attempts;
  }

  long usedTokens() {
    return usedTokens;
  }

  /** It may go once more to where it may. */
  void grantSecondChance() {
    secondChance = true;
  }

  boolean hadSecondChance() {
    return secondChance;
  }

  /** Whether it was there and may go there once more, if nobody else takes it. */
  boolean mayReturnTo(DeploymentId deployment) {
    int failures = 0;
    for (Stop stop : stops) {
      if (stop.deployment().equals(deployment)) {
        failures += stop.meaning() == Elsewhere.HERE_ONCE_MORE ? 1 : 2;
      }
    }
    return failures == 1;
  }

  @Override
  public boolean rulesOut(DeploymentId deployment) {
    for (Stop stop : stops) {
      if (stop.deployment().equals(deployment) && stop.meaning() != Elsewhere.HERE_WHEN_ASKED) {
        return !(secondChance && mayReturnTo(deployment));
      }
    }
    return false;
  }

  void waitFor(@Nullable Pool pool) {
    waitsFor = pool;
  }

  @Nullable Pool waitsFor() {
    return waitsFor;
  }

  private Entry requireEntry() {
    if (entry == null) {
      throw new IllegalStateException("the request was not admitted");
    }
    return entry;
  }
}
