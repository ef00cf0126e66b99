package dev.spillway.core.dispatch;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.admission.Ticket;
import dev.spillway.core.admission.WaitingRoom;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * The waiting room of a platform, and what is asked of those in it.
 *
 * <p>Owned by one loop, but for {@link #count}. The successor of a platform has the same room.
 */
final class WaitingJourneys {
  private static final long BYTES_PER_TOKEN = 4;
  private static final long BYTES_PER_REQUEST = 2_048;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Between two looks at a waiting room in which nothing happens. */
  private static final long A_MOMENT_NANOS = 5 * NANOS_PER_MILLI;

  private final Platform platform;
  private final Steps steps;
  private final WaitingRoom<Journey> room;
  private final AtomicInteger count;

  /** Those for whom the room is full, until the next look; and when there may be a place. */
  private final Map<Journey, Duration> withoutPlace;

  WaitingJourneys(Platform platform, Steps steps) {
    this.platform = platform;
    this.steps = steps;
    this.room = new WaitingRoom<>(platform.tuning().room());
    this.count = new AtomicInteger();
    this.withoutPlace = new LinkedHashMap<>();
  }

  private WaitingJourneys(Platform platform, Steps steps, WaitingJourneys before) {
    this.platform = platform;
    this.steps = steps;
    this.room = before.room;
    this.count = before.count;
    this.withoutPlace = before.withoutPlace;
  }

  WaitingJourneys successor(Platform next, Steps nextSteps) {
    return new WaitingJourneys(next, nextSteps, this);
  }

  /** How many wait; for any thread. */
  int count() {
    return count.get();
  }

  Admission enter(Journey journey, NextStep.Wait wait, long nowNanos) {
    Demand demand = journey.itinerary().request().demand();
    Ticket<Journey> ticket =
        new Ticket<>(
            journey,
            journey.tenant().id(),
            line(journey, nowNanos),
            journey.tenant().priority(),
            Math.max(1, demand.tokens()),
            demand.inputTokens() * BYTES_PER_TOKEN + BYTES_PER_REQUEST,
            journey.deadlineNanos());
    Admission admission = room.enter(ticket, nowNanos);
    if (admission instanceof Admission.Queued) {
      Pool pool = platform.pool(journey.ask().model());
      pool.enter(journey.tenant().priority());
      journey.itinerary().waitFor(pool);
      count.incrementAndGet();
    } else if (admission instanceof Admission.Rejected(var reason, var retryAfter)
        && reason == Admission.Reason.QUEUE_FULL
        && wait.decision().why() == Why.BEHIND_OTHERS) {
      withoutPlace.put(journey, retryAfter);
      count.incrementAndGet();
      return new Admission.Queued(0);
    }
    return admission;
  }

  long release(long nowNanos, BiConsumer<Journey, NextStep> carryOut) {
    Round round = new Round(nowNanos);
    room.expire(nowNanos, round::call);
    room.serve(nowNanos, round::call);
    withoutPlace.forEach(round::callOnce); // last: by now all is kept that others wait for
    withoutPlace.clear();
    // Carried out only now: what a driver does may put somebody into the room again.
    for (Round.Out each : round.out) {
      carryOut.accept(each.journey, each.step);
    }
    long deadline = room.earliestDeadlineNanos();
    if (deadline == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long soonest = Math.min(deadline - nowNanos, round.lookAgainInNanos);
    return nowNanos + Math.max(A_MOMENT_NANOS, soonest);
  }

  void leave(Journey journey, long nowNanos) {
    if (withoutPlace.remove(journey) != null) {
      count.decrementAndGet();
    } else if (room.leave(journey, nowNanos)) {
      outOfTheRoom(journey);
    }
  }

  /**
   * What it waits for: those of one line could go to the same deployments, now and later. What a
   * request itself rules out is part of that: where it failed, is not served, or is too long.
   */
  private Line line(Journey journey, long nowNanos) {
    Itinerary itinerary = journey.itinerary();
    Pool pool = platform.pool(journey.ask().model());
    DeploymentSet allowed =
        platform.policy().allowed(journey.ask(), journey.moment(nowNanos).epochSecond());
    Set<DeploymentId> where = new HashSet<>();
    boolean tooLarge = false;
    for (int place = 0; place < pool.size(); place++) {
      LiveDeployment live = pool.deployment(place);
      if (allowed.contains(pool.index(place)) && couldGoTo(live, itinerary)) {
        where.add(live.deployment().id());
        tooLarge |= live.isQuotaTooShortFor(itinerary.request(), nowNanos);
      }
    }
    return new Line(where, journey.shape().operation(), tooLarge);
  }

  /** Whether it can be served there, has not failed there, and fits. */
  private static boolean couldGoTo(LiveDeployment live, Itinerary itinerary) {
    return itinerary.isAble(live.deployment())
        && itinerary.rulesOut(live) == null
        && itinerary.request().demand().inputTokens() < live.contextTokens();
  }

  private void outOfTheRoom(Journey journey) {
    Pool pool = journey.itinerary().waitsFor();
    if (pool == null) {
      throw new IllegalStateException("was not waiting: " + journey.ask());
    }
    pool.leave(journey.tenant().priority());
    journey.itinerary().waitFor(null);
    count.decrementAndGet();
  }

  /**
   * What those have in common who wait for the same.
   *
   * @param where the deployments that could serve them, by name: a configuration's successor has
   *     other indexes
   * @param operation a deployment may be out of rotation for one, and in for another
   * @param tooLarge whether what is left of a quota is for smaller ones
   */
  private record Line(Set<DeploymentId> where, OperationName operation, boolean tooLarge) {}

  /** One look at everybody in the waiting room. */
  private final class Round {
    private final long nowNanos;
    private final Kept kept = new Kept();
    private final List<Out> out = new ArrayList<>();
    private long lookAgainInNanos = Long.MAX_VALUE / 2;

    Round(long nowNanos) {
      this.nowNanos = nowNanos;
    }

    record Out(Journey journey, NextStep step) {}

    WaitingRoom.Turn call(Journey journey) {
      NextStep step = steps.inItsTurn(journey, kept, nowNanos);
      if (step instanceof NextStep.Wait wait && wait.where() == NextStep.Where.WAITING_ROOM) {
        lookAgainInNanos = Math.min(lookAgainInNanos, wait.untilNanos() - nowNanos);
        return wait.decision().why() == Why.NO_HEADROOM && !kept.letsOthersPass()
            ? WaitingRoom.Turn.FINDS_NO_ROOM
            : WaitingRoom.Turn.LETS_OTHERS_PASS;
      }
      outOfTheRoom(journey);
      goes(journey, step);
      return WaitingRoom.Turn.GOES;
    }

    void callOnce(Journey journey, Duration retryAfter) {
      count.decrementAndGet();
      goes(journey, steps.withoutPlace(journey, kept, retryAfter, nowNanos));
    }

    private void goes(Journey journey, NextStep step) {
      journey.add(step.decision());
      out.add(new Out(journey, step));
    }
  }
}
