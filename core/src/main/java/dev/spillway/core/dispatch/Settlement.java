package dev.spillway.core.dispatch;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Usage;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.Scan;

/**
 * What the end of an attempt settles and teaches beyond its own deployment: spend, and the margins.
 *
 * <p>A margin rises when its deployment broke the promise to a client, time in the hub and failed
 * attempts included. It falls with every promise kept, wherever: what is promised is the platform's
 * attainment, not a deployment's, and one that is out of use must find its way back. A miss that no
 * other deployment was expected to avoid says nothing against the choice and does not count; nor
 * does the time of a model that was asked to think first.
 */
final class Settlement {
  private static final double NANOS_PER_MILLI = 1e6;

  private Settlement() {}

  /** The estimate of what an attempt costs gives way to the truth. */
  static void settle(Journey journey, Itinerary.Held held, Usage usage, long nowNanos) {
    Deployment deployment = held.reservation().at().deployment();
    long price =
        deployment.capacity() instanceof Capacity.Provisioned
            ? 0
            : deployment
                .price()
                .of(usage.inputTokens(), usage.cachedTokens(), usage.outputTokens())
                .amount();
    held.meters()
        .settle(
            deployment.site().provider(),
            held.estimate(),
            new SpendMeters.Amounts(price, usage.outputTokens()),
            journey.moment(nowNanos).epochSecond());
  }

  /**
   * The first content came: a promise that is broken by now is broken for good, and teaches now.
   */
  static void judgeFirstContent(Journey journey, Itinerary.Held held) {
    if (isSeen(held) && isLate(journey, held)) {
      missed(held);
    }
  }

  /**
   * A whole answer came: was the promise kept? One that was put together from several is no
   * deployment's.
   *
   * @param endNanos when it would have ended, had its client taken all of it at once
   */
  static void judge(Journey journey, Itinerary.Held held, Usage usage, long endNanos) {
    if (!isSeen(held) || isLate(journey, held) || journey.itinerary().isResumed()) {
      return;
    }
    if (isSlow(held, usage, endNanos)) {
      missed(held);
    } else {
      kept(held);
    }
  }

  private static void missed(Itinerary.Held held) {
    if (anotherWasExpectedToMeet(held.scan(), held.place())) {
      margin(held, held.place()).missed(target(held));
    }
  }

  private static void kept(Itinerary.Held held) {
    for (int place = 0; place < held.scan().pool().size(); place++) {
      if (held.scan().isPermitted(place)) {
        margin(held, place).kept(target(held));
      }
    }
  }

  private static boolean isSeen(Itinerary.Held held) {
    Reservation reservation = held.reservation();
    return reservation.request().streamed()
        && reservation.request().effort().answersAtOnce()
        && reservation.hasContent();
  }

  private static boolean isLate(Journey journey, Itinerary.Held held) {
    long took = held.reservation().firstContentNanos() - journey.arrivedNanos();
    return took > journey.objective().ttft().toNanos();
  }

  private static boolean isSlow(Itinerary.Held held, Usage usage, long endNanos) {
    long gaps = usage.outputTokens() - 1;
    double millis = (endNanos - held.reservation().firstContentNanos()) / NANOS_PER_MILLI;
    return gaps > 0 && millis / gaps > held.reservation().request().tpotMillis();
  }

  private static boolean anotherWasExpectedToMeet(Scan scan, int chosen) {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (place != chosen && scan.wouldMeet(place)) {
        return true;
      }
    }
    return false;
  }

  private static double target(Itinerary.Held held) {
    return 1 - held.reservation().request().objective().attainment();
  }

  private static ConformalMargin margin(Itinerary.Held held, int place) {
    return held.scan()
        .pool()
        .deployment(place)
        .margin(held.reservation().request().ask().workload());
  }
}
