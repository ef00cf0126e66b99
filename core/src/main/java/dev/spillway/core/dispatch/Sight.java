package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Scan;
import dev.spillway.core.routing.Why;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one look showed, and the steps that can be said of it. */
final class Sight {
  private static final Duration AT_LEAST = Duration.ofSeconds(1);

  private final Platform platform;
  private final Journey journey;
  final RoutingRequest request;
  final Scan scan;

  Sight(Platform platform, Journey journey, RoutingRequest request, Scan scan) {
    this.platform = platform;
    this.journey = journey;
    this.request = request;
    this.scan = scan;
  }

  long now() {
    return scan.nowNanos();
  }

  boolean permitsNone() {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.isPermitted(place)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether somebody who takes nothing now may do so before the deadline. One that is ill may not:
   * a probe decides about it and not the clock, and who waited would mostly wait in vain.
   */
  boolean waitingHelps() {
    for (int place = 0; place < scan.pool().size(); place++) {
      Rule rule = scan.rule(place);
      if (rule != null
          && rule.passes()
          && scan.pool().deployment(place).closedForNanos(request, now())
              < journey.deadlineNanos() - now()) {
        return true;
      }
    }
    return false;
  }

  NextStep waits(NextStep.Where where, long untilNanos, Why why) {
    long left = journey.deadlineNanos() - now();
    long wait = Math.clamp(untilNanos - now(), 0, Math.max(0, left));
    return new NextStep.Wait(now() + wait, where, decision(null, why));
  }

  NextStep overLimit(Admission.Rejected rejection) {
    return new NextStep.OverLimit(rejection, decision(null, Why.TENANT_LIMIT));
  }

  NextStep forbidden() {
    Verdicts verdicts = verdicts();
    return new NextStep.Forbidden(verdicts.ruledOut(), decision(null, Why.FORBIDDEN));
  }

  NextStep noCapacity() {
    if (onlyTooShort()) {
      String what =
          request.demand().inputTokens()
              + " input tokens are more than any deployment of "
              + scan.pool().model()
              + " takes";
      AttemptFailure tooLong = new AttemptFailure(AttemptFailure.Kind.CONTEXT_TOO_LONG, what, null);
      return new NextStep.GiveUp(tooLong, Duration.ZERO, decision(null, Why.NO_HEADROOM));
    }
    return noCapacity(retryAfter());
  }

  NextStep noCapacity(Duration retryAfter) {
    return new NextStep.NoCapacity(retryAfter, decision(null, Why.NO_HEADROOM));
  }

  NextStep givesUp() {
    AttemptFailure shown = journey.failures().getLast();
    for (AttemptFailure each : journey.failures()) {
      if (each.clientCanHelp()) {
        shown = each;
        break;
      }
    }
    Duration retryAfter = shown.clientCanHelp() ? Duration.ZERO : retryAfter();
    return new NextStep.GiveUp(shown, retryAfter, decision(null, Why.NOTHING_LEFT_TO_TRY));
  }

  /**
   * How long an attempt is waited for. A probe whose first content can be seen is gone before
   * another may go; but where that usually takes longer, it would never be found to be well.
   */
  NextStep.Limits limits(Itinerary.Held held) {
    NextStep.Limits usual = limits(held.place());
    Reservation made = held.reservation();
    long probeNanos = made.at().breaker().probeNanos();
    boolean ends =
        made.isProbe()
            && request.streamed()
            && made.at()
                .patience()
                .beginsWithin(probeNanos, request.effort(), made.predictedMillis());
    return ends ? usual.beginningWithin(probeNanos) : usual;
  }

  /**
   * No limit but the deadline where nobody else could answer, or nothing is seen until the end; the
   * ceiling where those who could are ill, or may be asked again only when this one has failed.
   */
  private NextStep.Limits limits(int place) {
    long left = Math.max(0, journey.deadlineNanos() - now());
    if (!request.streamed()) {
      long toItsEnd = Math.max(0, journey.deadline().endsByNanos() - now());
      return new NextStep.Limits(left, NextStep.Limits.NEVER, toItsEnd);
    }
    LiveDeployment at = scan.pool().deployment(place);
    double predicted = scan.ttftMillis(place);
    long stall = at.patience().stallNanos(request.effort());
    return switch (others(place)) {
      case NONE -> new NextStep.Limits(left, NextStep.Limits.NEVER, stall);
      case LATER -> {
        long ceiling = platform.tuning().deployment().limits().firstContentCeiling().toNanos();
        yield new NextStep.Limits(Math.min(left, ceiling), NextStep.Limits.NEVER, stall);
      }
      case WELL -> {
        long within = Math.min(left, at.patience().firstContentNanos(request.effort(), predicted));
        long hedge = at.patience().hedgeAfterNanos(request.effort(), predicted);
        yield new NextStep.Limits(within, hedge < within ? hedge : NextStep.Limits.NEVER, stall);
      }
    };
  }

  Decision decision(@Nullable DeploymentId chosen, Why why) {
    int number = journey.decisions().size() + 1;
    return new Decision(number, chosen, why, scan.waitedNanos(), verdicts());
  }

  private Verdicts verdicts() {
    return new Verdicts(scan, request.ask(), platform.policy());
  }

  /** Whoever else may answer. */
  private enum Others {
    NONE,
    LATER,
    WELL
  }

  private Others others(int place) {
    Others best = Others.NONE;
    for (int other = 0; other < scan.pool().size(); other++) {
      if (other != place && scan.isPermitted(other)) {
        Rule rule = scan.rule(other);
        if (rule == null || rule == Rule.HOME_FIRST || rule.passes()) {
          return Others.WELL;
        }
        best = mayAnswerLater(rule, other) ? Others.LATER : best;
      }
    }
    return best;
  }

  /** Not now; but who waits here for ever never finds out. */
  private boolean mayAnswerLater(Rule rule, int place) {
    Itinerary itinerary = journey.itinerary();
    return rule == Rule.BREAKER_OPEN
        || rule == Rule.UNDER_WAY
        || (rule == Rule.TRIED
            && !itinerary.hadSecondChance()
            && itinerary.mayReturnTo(scan.pool().deployment(place).deployment().id()));
  }

  private boolean onlyTooShort() {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.isPermitted(place) && scan.rule(place) != Rule.CONTEXT_TOO_SHORT) {
        return false;
      }
    }
    return true;
  }

  /** When a permitted deployment may take it, at the earliest; zero if no clock knows. */
  private Duration retryAfter() {
    double soonest = Double.POSITIVE_INFINITY;
    int ahead = scan.pool().ahead(journey.tenant().priority());
    for (int place = 0; place < scan.pool().size(); place++) {
      if (mayTakeItInTime(place)) {
        LiveDeployment each = scan.pool().deployment(place);
        soonest = Math.min(soonest, each.roomInMillis(request, ahead, now()));
      }
    }
    if (soonest == Double.POSITIVE_INFINITY) {
      return Duration.ZERO;
    }
    Duration wait = Duration.ofMillis((long) Math.min(soonest, Integer.MAX_VALUE));
    return wait.compareTo(AT_LEAST) < 0 ? AT_LEAST : wait;
  }

  /** One that is not there comes back when somebody mends it, whatever room it had. */
  private boolean mayTakeItInTime(int place) {
    Rule rule = scan.rule(place);
    return scan.isPermitted(place) && rule != Rule.CONTEXT_TOO_SHORT && rule != Rule.OFFLINE;
  }
}
