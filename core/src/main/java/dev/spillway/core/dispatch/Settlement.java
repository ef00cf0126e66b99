package dev.spillway.core.dispatch;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Usage;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Scan;

/**
 * What the end of an attempt settles and teaches beyond its own deployment: spend, and the margins.
 *
 * <p>A margin rises when its deployment broke the promise to a client, time in the hub and failed
 * attempts included. It falls with every promise kept, wherever: what is promised is the platform's
 * attainment, not a deployment's, and one that is out of use must find its way back. A miss that no
 * other deployment was expected to avoid says nothing against the choice and does not count.
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

  /** A whole answer came: was the promise kept? */
  static void judge(Journey journey, Itinerary.Held held, Usage usage, long nowNanos) {
    Reservation reservation = held.reservation();
    RoutingRequest request = reservation.request();
    if (!request.streamed() || !reservation.hasContent()) {
      return;
    }
    double target = 1 - request.objective().attainment();
    Scan scan = held.scan();
    if (isMissed(journey, reservation, usage, nowNanos)) {
      if (anotherWasExpectedToMeet(scan, held.place())) {
        margin(scan, held.place(), request).missed(target);
      }
      return;
    }
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.isPermitted(place)) {
        margin(scan, place, request).kept(target);
      }
    }
  }

  private static boolean isMissed(
      Journey journey, Reservation reservation, Usage usage, long nowNanos) {
    RoutingRequest request = reservation.request();
    long first = reservation.firstContentNanos();
    boolean late = first - journey.arrivedNanos() > request.objective().ttft().toNanos();
    long gaps = usage.outputTokens() - 1;
    boolean slow = gaps > 0 && (nowNanos - first) / NANOS_PER_MILLI / gaps > request.tpotMillis();
    return late || slow;
  }

  private static boolean anotherWasExpectedToMeet(Scan scan, int chosen) {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (place != chosen && scan.isOpen(place) && scan.meets(place)) {
        return true;
      }
    }
    return false;
  }

  private static ConformalMargin margin(Scan scan, int place, RoutingRequest request) {
    return scan.pool().deployment(place).margin(request.ask().workload());
  }
}
