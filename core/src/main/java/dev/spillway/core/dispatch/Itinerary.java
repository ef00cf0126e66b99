package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.admission.TenantGate;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.retry.Elsewhere;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Scan;
import dev.spillway.core.routing.Tried;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a journey holds and where it was: the dispatcher's own notes on it.
 *
 * <p>References, not indexes: what was taken is given back where it was taken, even if the
 * configuration has changed in between. Owned by whoever runs the journey; not thread-safe.
 */
final class Itinerary implements Tried {
  /** A first attempt and a hedge. */
  private static final int MOST_UNDER_WAY = 2;

  private final List<Stop> stops = new ArrayList<>(2);
  private @Nullable Set<DeploymentId> able;
  private final List<Held> underWay = new ArrayList<>(MOST_UNDER_WAY);
  private final Charge charge = new Charge();
  private @Nullable Entry entry;
  private @Nullable RoutingRequest rest;
  private @Nullable Set<DeploymentId> ableToGoOn;
  private @Nullable Pool waitsFor;
  private @Nullable DeploymentId secondChance;
  private boolean begun;
  private int attempts;
  private int moreAttempts;

  /** Of a journey that only these deployments can serve; null if all can. */
  Itinerary(@Nullable Set<DeploymentId> able) {
    this.able = able;
  }

  void reconsider(@Nullable Set<DeploymentId> others) {
    able = others;
  }

  /**
   * An attempt under way.
   *
   * @param number which one of the journey, from 1
   * @param scan what it was decided upon
   * @param place its deployment in the pool
   * @param meters where its price is reserved
   */
  record Held(
      int number,
      Reservation reservation,
      Scan scan,
      int place,
      SpendMeters meters,
      SpendMeters.Amounts estimate) {
    Deployment deployment() {
      return reservation.at().deployment();
    }
  }

  void entered(Entry at) {
    entry = at;
  }

  /** What is asked of a deployment now: all of it, or the rest. */
  RoutingRequest request() {
    return rest != null ? rest : requireEntry().request();
  }

  /**
   * The rest of an answer needs what it was let in with and more, its input once again: its tenant
   * has that taken now, not when it is over.
   */
  void takeWhatItNeeds(long nowNanos) {
    long needed = charge.tokens() + request().demand().tokens();
    entry = requireEntry().covering(needed, nowNanos);
  }

  /** Null if it may stay in by this gate, which is that of the limits in force. */
  Admission.@Nullable Rejected turnedOutBy(TenantGate gate) {
    Admission.Rejected rejected = gate.turnsOut();
    if (rejected != null) {
      entry = requireEntry().out();
    }
    return rejected;
  }

  /** What it entered with, once; null if it never entered or has left. */
  @Nullable Entry leave() {
    Entry was = entry;
    entry = null;
    return was;
  }

  /** The number that the next attempt has. */
  int nextNumber() {
    return attempts + 1;
  }

  void hold(Held attempt) {
    if (underWay.size() == MOST_UNDER_WAY) {
      throw new IllegalStateException("two attempts are under way, at " + whereabouts());
    }
    underWay.add(attempt);
    attempts = attempt.number();
  }

  /** The attempt of this number, which is under way. */
  Held held(int number) {
    for (Held each : underWay) {
      if (each.number() == number) {
        return each;
      }
    }
    throw new IllegalStateException("attempt " + number + " is not under way");
  }

  /** The one attempt under way, if there is just one and its answer has not begun. */
  @Nullable Held lonelyWithoutContent() {
    return underWay.size() == 1 && !begun ? underWay.getFirst() : null;
  }

  boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /** Where attempts are under way, for people. */
  String whereabouts() {
    return String.join(
        ", ", underWay.stream().map(held -> held.deployment().id().value()).toList());
  }

  /** An attempt has ended. */
  Held letGo(int number) {
    Held was = held(number);
    underWay.remove(was);
    return was;
  }

  /** What its tenant is charged. */
  Charge charge() {
    return charge;
  }

  void failedAt(LiveDeployment at, AttemptFailure.Kind how) {
    boolean tooLong = how == AttemptFailure.Kind.CONTEXT_TOO_LONG;
    stops.add(new Stop(at.deployment(), at.contextTokens(), Elsewhere.after(how), tooLong));
  }

  /** How often it was refused there because the deployment was full. */
  int refusalsAt(DeploymentId deployment) {
    int refusals = 0;
    for (Stop stop : stops) {
      if (stop.wasAt(deployment) && stop.meaning() == Elsewhere.HERE_WHEN_ASKED) {
        refusals++;
      }
    }
    return refusals;
  }

  /** Whether nobody is to be asked any more, after what has been said of the request itself. */
  boolean isHopeless() {
    int tooLong = 0;
    for (Stop stop : stops) {
      if (stop.meaning() == Elsewhere.NOWHERE) {
        return true;
      }
      tooLong += stop.tooLong() ? 1 : 0;
    }
    return tooLong > 1;
  }

  /**
   * The rest of the answer is wanted, from one of these. Where it broke off it may go once more, if
   * no other takes it and it was not too long there; once a journey, one attempt more than was
   * allowed is.
   *
   * @param mostAttempts what was allowed
   */
  void resume(Set<DeploymentId> from, Demand remaining, int mostAttempts) {
    ableToGoOn = from;
    rest = requireEntry().request().with(remaining);
    secondChance = null;
    if (moreAttempts == 0 && attempts >= mostAttempts) {
      moreAttempts = attempts + 1 - mostAttempts;
    }
    if (!stops.isEmpty()) {
      stops.add(stops.removeLast().brokenOff());
    }
  }

  /** Whether its attempts, of which so many are allowed, are used up. */
  boolean hasNoAttemptLeft(int mostAttempts) {
    return attempts >= mostAttempts + moreAttempts;
  }

  /** The client sees the first content of its answer: true the first time. */
  boolean begins() {
    boolean first = !begun;
    begun = true;
    return first;
  }

  /** Whether the client sees content of its answer. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether the answer is put together from those of several attempts. */
  boolean isResumed() {
    return rest != null;
  }

  /** It may go once more to this one, whose retry budget has paid for it. */
  void grantSecondChance(DeploymentId at) {
    secondChance = at;
  }

  boolean hadSecondChance() {
    return secondChance != null;
  }

  /** Whether it failed there, once, and may go there again if nobody else takes it. */
  boolean mayReturnTo(DeploymentId deployment) {
    int failures = 0;
    for (Stop stop : stops) {
      if (stop.wasAt(deployment)) {
        failures += stop.weight();
      }
    }
    return failures == 1;
  }

  @Override
  public @Nullable Rule rulesOut(LiveDeployment live) {
    if (underWay.isEmpty() && stops.isEmpty()) {
      return null;
    }
    Deployment deployment = live.deployment();
    for (Held each : underWay) {
      if (each.deployment().id().equals(deployment.id())) {
        return Rule.UNDER_WAY;
      }
    }
    if (ableToGoOn != null && !ableToGoOn.contains(deployment.id())) {
      return Rule.CANNOT_RESUME;
    }
    return failedAlready(live);
  }

  private @Nullable Rule failedAlready(LiveDeployment live) {
    Deployment deployment = live.deployment();
    for (Stop stop : stops) {
      if (stop.tooLong() && live.contextTokens() <= stop.contextTokens()) {
        return stop.wasAt(deployment.id()) ? Rule.TRIED : Rule.CONTEXT_TOO_SHORT;
      }
      if (stop.wasAt(deployment.id()) && stop.meaning() != Elsewhere.HERE_WHEN_ASKED) {
        boolean again = deployment.id().equals(secondChance) && mayReturnTo(deployment.id());
        return again ? null : Rule.TRIED;
      }
    }
    return null;
  }

  @Override
  public boolean isAble(Deployment deployment) {
    return able == null || able.contains(deployment.id());
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
