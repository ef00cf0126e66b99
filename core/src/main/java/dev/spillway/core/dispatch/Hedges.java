package dev.spillway.core.dispatch;

import dev.spillway.core.retry.AttemptBudget;
import dev.spillway.core.routing.Choice;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.Why;
import org.jspecify.annotations.Nullable;

/**
 * A second attempt while the first is late, for the tail of the time to first token.
 *
 * <pre>
 *   late      : the first has lasted longer than is usual there, {@link NextStep.Limits}
 *   sooner    : ttft of the other &lt; what is still expected of the first
 *   still     = max(predicted - elapsed, elapsed)
 *   affordable: 5 in 100 requests of the deployment that is late, nobody waits for the room, and
 *               the limits of the tenant bear another attempt
 * </pre>
 *
 * <p>What is still expected of an attempt that is overdue is that it takes as long again: times to
 * first token have heavy tails, so that the longer one has waited, the longer one still will (the
 * mean residual life of a Pareto law grows with its age). Dean and Barroso, "The tail at scale",
 * 2013, on why a few in a hundred are enough.
 */
final class Hedges {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Platform platform;
  private final Steps steps;

  Hedges(Platform platform, Steps steps) {
    this.platform = platform;
    this.steps = steps;
  }

  NextStep.@Nullable Attempt hedge(Journey journey, long nowNanos) {
    Itinerary itinerary = journey.itinerary();
    Itinerary.Held late = itinerary.lonelyWithoutContent();
    int most = platform.tuning().deployment().retry().mostAttempts();
    if (late == null
        || journey.shape().answer() != RequestShape.Answer.STREAMED
        || itinerary.hasNoAttemptLeft(most)
        || platform.gate(journey.tenant()).isOverLimit()
        || nowNanos - journey.deadlineNanos() >= 0) {
      return null;
    }
    Sight sight =
        steps.look(
            journey, itinerary, platform.pool(journey.ask().model()), journey.moment(nowNanos));
    if (sight.scan.pool().ahead(journey.tenant().priority()) > 0) {
      return null;
    }
    Choice choice = platform.router().pick(sight.scan, sight.request, 0);
    boolean sooner =
        choice.isMade()
            && sight.scan.ttftMillis(choice.place()) < stillMillis(late.reservation(), nowNanos);
    return sooner ? attempt(journey, sight, choice, late.reservation().at().hedgeBudget()) : null;
  }

  private NextStep.@Nullable Attempt attempt(
      Journey journey, Sight sight, Choice choice, AttemptBudget budget) {
    if (!budget.tryPay()) {
      return null;
    }
    NextStep.Attempt made = steps.attempt(journey, sight, new Choice(choice.place(), Why.HEDGE, 0));
    if (made == null) {
      budget.giveBack();
    }
    return made;
  }

  private static double stillMillis(Reservation late, long nowNanos) {
    double elapsed = (nowNanos - late.sentNanos()) / NANOS_PER_MILLI;
    return Math.max(late.predictedMillis() - elapsed, elapsed);
  }
}
