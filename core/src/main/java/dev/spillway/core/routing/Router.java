package dev.spillway.core.routing;

import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.pricing.SpendMeters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Filter, predict, pick: the cheapest deployment that meets the objective, else the fastest.
 *
 * <pre>
 *   ttft  = rtt + queue + prefill + uncertainty(age of the last report)
 *   meets : waited + ttft + margin &lt;= objective.ttft  and  tpot &lt;= objective.tpot
 *
 *   1. the lowest price among those that meet; prices within 5 % count as equal, by ttft
 *   2. none meets: the lowest ttft, waiting here for room being a candidate as any other
 * </pre>
 *
 * <p>In the second case a slower deployment opens only once the request has waited a quarter of
 * what it would lose by going there, or at once if that is little: NVIDIA Stargate's
 * wait-and-widen, with all that is known of the wait in place of a bucket of candidates.
 *
 * <p>Policy is asked anew in every scan. A clause that offers home first rules partners out while a
 * home deployment has headroom, that is, takes the request and is expected to meet the objective.
 *
 * <p>Has no state of its own; a scan of a hundred deployments is meant to take two microseconds.
 */
public final class Router {
  private static final double NANOS_PER_MILLI = 1e6;

  private final CompiledPolicy policy;
  private final SpendMeters meters;
  private final RouterTuning tuning;

  /** Routes under one contract. */
  public Router(CompiledPolicy policy, SpendMeters meters, RouterTuning tuning) {
    this.policy = policy;
    this.meters = meters;
    this.tuning = tuning;
  }

  /** Finds out about every deployment of a pool. */
  public Scan scan(Pool pool, RoutingRequest request, Tried tried, Moment moment) {
    Scan scan = pool.scan().begin(request, moment);
    DeploymentSet allowed = policy.allowed(request.ask(), moment.epochSecond());
    List<List<CompiledPolicy.Cap>> caps = policy.caps(moment.epochSecond());
    for (int place = 0; place < pool.size(); place++) {
      if (!tried.isAble(pool.deployment(place).deployment())) {
        scan.ruleOut(place, Rule.UNABLE);
      } else if (allowed.contains(pool.index(place))) {
        if (!isCapped(scan, place, request, caps.get(pool.index(place)))) {
          look(scan, place, request, tried);
        }
      }
    }
    openRampingIfNothingElse(scan, request);
    offerHomeFirst(scan, request.ask());
    return scan;
  }

  /**
   * Picks one of those that are open, or says when to look again.
   *
   * @param ahead requests that wait before this one
   */
  public Choice pick(Scan scan, RoutingRequest request, int ahead) {
    Choice open = pickNow(scan);
    if (open.why() == Why.CHEAPEST_THAT_MEETS_OBJECTIVE) {
      return open;
    }
    long now = scan.nowNanos();
    if (!open.isMade()) {
      return new Choice(-1, Why.NO_HEADROOM, after(now, soonestRoom(scan, request, ahead)));
    }
    int fastest = open.place();
    double wait = shortestWait(scan, request, ahead);
    double gap = scan.ttftMillis(fastest) - wait;
    double opensIn = tuning.openAfter() * gap - scan.waitedMillis();
    return gap <= tuning.openGapMillis() || opensIn <= 0
        ? open
        : new Choice(-1, Why.WAITING_IS_FASTER, after(now, opensIn));
  }

  /** Picks one of those that are open, for one that cannot wait. */
  public Choice pickNow(Scan scan) {
    int cheapest = cheapestThatMeets(scan);
    if (cheapest >= 0) {
      return new Choice(cheapest, Why.CHEAPEST_THAT_MEETS_OBJECTIVE, 0);
    }
    int fastest = fastest(scan);
    return new Choice(fastest, fastest < 0 ? Why.NO_HEADROOM : Why.FASTEST, 0);
  }

  private void look(Scan scan, int place, RoutingRequest request, Tried tried) {
    LiveDeployment deployment = scan.pool().deployment(place);
    Outlook outlook = deployment.outlook(scan.nowNanos());
    Rule rule = tried.rulesOut(deployment);
    if (rule == null) {
      rule = deployment.hindrance(request, outlook, scan.nowNanos());
    }
    if (rule == null && tried.isKeptForOthers(deployment)) {
      rule = Rule.KEPT_FOR_OTHERS;
    }
    if (rule != null) {
      scan.ruleOut(place, rule);
    } else {
      scan.letIn(place, request.demand(), outlook);
    }
  }

  private boolean isCapped(
      Scan scan, int place, RoutingRequest request, List<CompiledPolicy.Cap> caps) {
    for (int i = 0; i < caps.size(); i++) {
      double price = scan.pool().deployment(place).priceNanoUsd(request.demand());
      long second = scan.epochSecond();
      if (!meters.allows(caps.get(i), price, request.demand().outputTokens(), second)) {
        scan.cap(place, caps.get(i));
        return true;
      }
    }
    return false;
  }

  /** A ramp protects what came back; it must not refuse what nobody else can take. */
  private static void openRampingIfNothingElse(Scan scan, RoutingRequest request) {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.isOpen(place)) {
        return;
      }
    }
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.rule(place) == Rule.RAMPING) {
        scan.letIn(place, request.demand(), scan.pool().deployment(place).outlook());
      }
    }
  }

  private void offerHomeFirst(Scan scan, Ask ask) {
    if (policy.homeFirst(ask, scan.epochSecond()) == null || !homeHasHeadroom(scan)) {
      return;
    }
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.isOpen(place) && !scan.pool().isHome(place)) {
        scan.spare(place);
      }
    }
  }

  private static boolean homeHasHeadroom(Scan scan) {
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.pool().isHome(place) && scan.meets(place)) {
        return true;
      }
    }
    return false;
  }

  private int cheapestThatMeets(Scan scan) {
    double lowest = Double.POSITIVE_INFINITY;
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.meets(place)) {
        lowest = Math.min(lowest, scan.priceNanoUsd(place));
      }
    }
    double asCheap = lowest + tuning.tie() * Math.abs(lowest);
    int best = -1;
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.meets(place) && scan.priceNanoUsd(place) <= asCheap) {
        best = faster(scan, place, best);
      }
    }
    return best;
  }

  private static int fastest(Scan scan) {
    int best = -1;
    for (int place = 0; place < scan.pool().size(); place++) {
      if (scan.isOpen(place)) {
        best = faster(scan, place, best);
      }
    }
    return best;
  }

  /** The earlier in the topology wins a tie. */
  private static int faster(Scan scan, int place, int best) {
    return best < 0 || scan.ttftMillis(place) < scan.ttftMillis(best) ? place : best;
  }

  /** When there is room for one who waits here, milliseconds; infinite if in vain. */
  private static double soonestRoom(Scan scan, RoutingRequest request, int ahead) {
    double soonest = Double.POSITIVE_INFINITY;
    for (int place = 0; place < scan.pool().size(); place++) {
      if (isWaitedFor(scan.rule(place))) {
        LiveDeployment deployment = scan.pool().deployment(place);
        double room = deployment.roomInMillis(request, ahead, scan.nowNanos());
        soonest = Math.min(soonest, room);
      }
    }
    return soonest;
  }

  /** Time to first token of one who waits here for room, milliseconds; infinite if in vain. */
  private static double shortestWait(Scan scan, RoutingRequest request, int ahead) {
    double shortest = Double.POSITIVE_INFINITY;
    for (int place = 0; place < scan.pool().size(); place++) {
      if (isWaitedFor(scan.rule(place))) {
        LiveDeployment deployment = scan.pool().deployment(place);
        double room = deployment.roomInMillis(request, ahead, scan.nowNanos());
        double reading = deployment.prefillMillis(request.demand().inputTokens());
        shortest = Math.min(shortest, room + deployment.roundTripMillis() + reading);
      }
    }
    return shortest;
  }

  /** No time is known for what is kept for others: when they have gone, it is looked at again. */
  private static boolean isWaitedFor(@Nullable Rule rule) {
    return rule != null && rule.passes() && rule != Rule.KEPT_FOR_OTHERS;
  }

  private static long after(long nowNanos, double millis) {
    double nanos = Math.clamp(millis * NANOS_PER_MILLI, 0, Long.MAX_VALUE / 4.0);
    return nowNanos + (long) Math.ceil(nanos);
  }
}
