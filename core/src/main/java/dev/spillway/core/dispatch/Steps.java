package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.EvenSpread;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Choice;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Moment;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Scan;
import dev.spillway.core.routing.Tried;
import dev.spillway.core.routing.Why;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a journey does next: puts the router's choice, the retry rules and the waiting room's order
 * together. Reserves what it gives away; records nothing in the journey but that.
 */
final class Steps {
  /** How often a reservation may be lost to another loop before the request waits its turn. */
  private static final int MOST_RACES = 8;

  private final Platform platform;

  Steps(Platform platform) {
    this.platform = platform;
  }

  /** For one that has just come, or whose attempt has just ended. */
  NextStep next(Journey journey, long nowNanos) {
    return next(journey, null, nowNanos);
  }

  /**
   * For the next one in the waiting room, by its rules.
   *
   * @param kept for those before it; and for it, if it finds no room
   */
  NextStep inItsTurn(Journey journey, Kept kept, long nowNanos) {
    return next(journey, kept, nowNanos);
  }

  /**
   * For one that the waiting room has no place for: it goes where nobody waits, now, or nowhere.
   *
   * @param kept for those in the room
   * @param retryAfter when there may be a place
   */
  NextStep withoutPlace(Journey journey, Kept kept, Duration retryAfter, long nowNanos) {
    Pool pool = platform.pool(journey.ask().model());
    Tried tried = kept.behind(journey.itinerary());
    Moment moment = journey.moment(nowNanos);
    for (int race = 0; race < MOST_RACES; race++) {
      Sight sight = look(journey, tried, pool, moment);
      NextStep over = overAlready(journey, sight);
      if (over != null) {
        return over;
      }
      Choice choice = platform.router().pickNow(sight.scan);
      if (!choice.isMade()) {
        return sight.noCapacity(retryAfter);
      }
      NextStep attempt = attempt(journey, sight, choice);
      if (attempt != null) {
        return attempt;
      }
    }
    return look(journey, tried, pool, moment).noCapacity(retryAfter);
  }

  private NextStep next(Journey journey, @Nullable Kept kept, long nowNanos) {
    if (journey.itinerary().isUnderWay()) {
      throw new IllegalStateException(
          "an attempt has not ended, at " + journey.itinerary().whereabouts());
    }
    Pool pool = platform.pool(journey.ask().model());
    Moment moment = journey.moment(nowNanos);
    Tried tried = kept == null ? journey.itinerary() : kept.behind(journey.itinerary());
    for (int race = 0; race < MOST_RACES; race++) {
      Sight sight = look(journey, tried, pool, moment);
      NextStep over = overAlready(journey, sight);
      if (over != null) {
        return over;
      }
      if (kept == null && mustQueue(journey, pool)) {
        return sight.waits(NextStep.Where.WAITING_ROOM, nowNanos, Why.BEHIND_OTHERS);
      }
      int ahead = kept == null ? pool.ahead(journey.tenant().priority()) : 0;
      Choice choice = platform.router().pick(sight.scan, sight.request, ahead);
      if (!choice.isMade()) {
        if (kept != null && choice.why() == Why.NO_HEADROOM) {
          kept.keep(sight.scan);
        }
        return withoutRoom(journey, sight, choice);
      }
      NextStep attempt = attempt(journey, sight, choice);
      if (attempt != null) {
        return attempt;
      }
    }
    Sight sight = look(journey, tried, pool, moment);
    return sight.waits(NextStep.Where.WAITING_ROOM, nowNanos, Why.NO_HEADROOM);
  }

  /** What there is for a journey now. */
  Sight look(Journey journey, Tried tried, Pool pool, Moment moment) {
    RoutingRequest request = journey.itinerary().request();
    Scan scan = platform.router().scan(pool, request, tried, moment);
    return new Sight(platform, journey, request, scan);
  }

  /** The end of a journey that no deployment can change. */
  private @Nullable NextStep overAlready(Journey journey, Sight sight) {
    List<AttemptFailure> failures = journey.failures();
    int most = platform.tuning().deployment().retry().mostAttempts();
    Itinerary itinerary = journey.itinerary();
    if (!failures.isEmpty() && (itinerary.isHopeless() || itinerary.hasNoAttemptLeft(most))) {
      return sight.givesUp();
    }
    Admission.Rejected tooMuch = tooMuch(journey);
    if (tooMuch != null) {
      return sight.overLimit(tooMuch);
    }
    if (sight.permitsNone()) {
      return failures.isEmpty() ? sight.forbidden() : sight.givesUp();
    }
    if (sight.now() - journey.deadlineNanos() < 0) {
      return null;
    }
    return failures.isEmpty() ? sight.noCapacity() : sight.givesUp();
  }

  /** An answer that its client sees part of is finished, whatever its tenant may have by now. */
  private Admission.@Nullable Rejected tooMuch(Journey journey) {
    Itinerary itinerary = journey.itinerary();
    return itinerary.hasBegun() ? null : itinerary.turnedOutBy(platform.gate(journey.tenant()));
  }

  /**
   * One that comes new stands behind those who wait; one whose attempt failed has waited already.
   */
  private static boolean mustQueue(Journey journey, Pool pool) {
    return journey.failures().isEmpty() && pool.ahead(journey.tenant().priority()) > 0;
  }

  /** Reserves what was chosen; null if another loop was faster. */
  NextStep.@Nullable Attempt attempt(Journey journey, Sight sight, Choice choice) {
    LiveDeployment at = sight.scan.pool().deployment(choice.place());
    double predicted = sight.scan.ttftMillis(choice.place());
    Reservation reservation = at.tryReserve(sight.request, predicted, sight.now());
    if (reservation == null) {
      return null;
    }
    Deployment deployment = at.deployment();
    long price = Math.round(at.priceNanoUsd(sight.request.demand()));
    SpendMeters.Amounts estimate =
        new SpendMeters.Amounts(price, sight.request.demand().outputTokens());
    platform.meters().reserve(deployment.site().provider(), estimate, sight.scan.epochSecond());
    Itinerary itinerary = journey.itinerary();
    int number = itinerary.nextNumber();
    if (number == 1) {
      at.retryBudget().earn();
      at.hedgeBudget().earn();
    }
    tellPassedOver(sight.scan, choice.place());
    itinerary.takeWhatItNeeds(sight.now());
    Itinerary.Held held =
        new Itinerary.Held(
            number, reservation, sight.scan, choice.place(), platform.meters(), estimate);
    itinerary.hold(held);
    return new NextStep.Attempt(
        number,
        sight.scan.pool().index(choice.place()),
        choice.why() != Why.HEDGE && isOnlyOne(sight.scan, choice.place()),
        sight.limits(held),
        sight.decision(deployment.id(), choice.why()));
  }

  /** Whether none but the chosen one would take the request now, a spared partner included. */
  private static boolean isOnlyOne(Scan scan, int chosen) {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (place != chosen && (scan.isOpen(place) || scan.rule(place) == Rule.HOME_FIRST)) {
        return false;
      }
    }
    return true;
  }

  private static void tellPassedOver(Scan scan, int chosen) {
    for (int place = 0; place < scan.pool().size(); place++) {
      Rule rule = scan.rule(place);
      if (place != chosen && rule != null) {
        scan.pool().deployment(place).passedOver(rule);
      }
    }
  }

  private NextStep withoutRoom(Journey journey, Sight sight, Choice choice) {
    if (choice.why() == Why.WAITING_IS_FASTER) {
      return waits(sight, choice);
    }
    NextStep soon = onceMore(journey, sight, 0); // room elsewhere may be minutes away
    if (soon != null) {
      return soon;
    }
    if (sight.waitingHelps()) {
      return waits(sight, choice);
    }
    NextStep later = onceMore(journey, sight, journey.deadlineNanos() - sight.now() - 1);
    if (later != null) {
      return later;
    }
    return journey.failures().isEmpty() ? sight.noCapacity() : sight.givesUp();
  }

  private static NextStep waits(Sight sight, Choice choice) {
    return sight.waits(NextStep.Where.WAITING_ROOM, choice.lookAgainNanos(), choice.why());
  }

  private long backoffNanos(RoutingRequest request) {
    long first = platform.tuning().deployment().retry().firstBackoff().toNanos();
    return (long) (first * (1 + EvenSpread.of(request.number()) / 2));
  }

  /**
   * Nobody else now: where it failed it may go once more, if the deployment can bear it, or will;
   * null if not. Whether there is room then, it finds out like all others.
   *
   * @param mostNanos how long the deployment may have asked to be left alone
   */
  private @Nullable NextStep onceMore(Journey journey, Sight sight, long mostNanos) {
    if (journey.itinerary().hadSecondChance()) {
      return null;
    }
    for (int place = 0; place < sight.scan.pool().size(); place++) {
      LiveDeployment each = sight.scan.pool().deployment(place);
      DeploymentId id = each.deployment().id();
      if (sight.scan.rule(place) == Rule.TRIED
          && journey.itinerary().mayReturnTo(id)
          && opensWithin(mostNanos, each, sight)
          && each.retryBudget().tryPay()) {
        journey.itinerary().grantSecondChance(id);
        long closed = each.closedForNanos(sight.request, sight.now());
        long wait = Math.max(closed, backoffNanos(sight.request));
        return sight.waits(NextStep.Where.BACKOFF, sight.now() + wait, Why.NOTHING_LEFT_TO_TRY);
      }
    }
    return null;
  }

  private static boolean opensWithin(long mostNanos, LiveDeployment at, Sight sight) {
    Rule hindrance = at.hindrance(sight.request, sight.now());
    return hindrance == null
        || (hindrance.passes() && at.closedForNanos(sight.request, sight.now()) <= mostNanos);
  }
}
