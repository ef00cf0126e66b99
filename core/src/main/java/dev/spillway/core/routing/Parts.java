package dev.spillway.core.routing;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.forecast.DecodeModel;
import dev.spillway.core.forecast.FirstTokenModel;
import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.AdmissionStates;
import dev.spillway.core.health.Breaker;
import dev.spillway.core.health.Rotation;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.ConcurrencyLimit;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.quota.EngineSeats;
import dev.spillway.core.quota.Headroom;
import dev.spillway.core.quota.ProvisionedBucket;
import dev.spillway.core.quota.SentSoFar;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.quota.StatedQuotas;
import dev.spillway.core.retry.RefusalBackoff;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The state of one deployment, part by part: what survives a new configuration. */
final class Parts {
  /** Before any clock: 146 years either way of the zero of nanoTime. */
  static final long LONG_AGO = Long.MIN_VALUE / 2;

  private static final long FAR_AWAY = Long.MAX_VALUE / 2;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** As many reports are missing when what the last one said is forgotten, at least. */
  private static final long REPORTS_MISSED = 3;

  /** No engine is looked at more rarely. */
  private static final long RAREST_REPORTS_NANOS = 60_000_000_000L;

  /** By what share a measured speed is another. */
  private static final double MEASURED_ANEW = 0.25;

  final Breaker breaker;
  final AdmissionStates admissionStates;
  final Headroom headroom;
  final StatedQuotas quotas;
  final FirstTokenModel firstToken;
  final DecodeModel decode;
  final Rotation rotation;
  final RefusalBackoff refusals;
  final Map<WorkloadClass, ConformalMargin> margins = new EnumMap<>(WorkloadClass.class);
  final Attendance attendance;
  final Load load = new Load();
  final Sessions sessions = new Sessions();
  final AtomicLong askedUntil;
  final AtomicReference<Outlook> outlook;

  /** The speed that somebody measured last; null if nobody did. */
  private final AtomicReference<@Nullable Speed> measured = new AtomicReference<>();

  /** What its engines say that they take, input and output together. */
  private final AtomicInteger contextTokens = new AtomicInteger(Integer.MAX_VALUE);

  private final AtomicLong reportedAt = new AtomicLong(LONG_AGO);

  /** When what the engines said last is forgotten. */
  private final AtomicLong reportEndsAt = new AtomicLong(FAR_AWAY);

  private final RouterTuning router;
  private final long forgottenNanos;

  /** Those that share its health, and are told when that changes; null if none do. */
  private final AtomicReference<@Nullable Parts> resized = new AtomicReference<>();

  Parts(Deployment deployment, DeploymentTuning tuning) {
    this(deployment, tuning, null);
  }

  private Parts(Deployment deployment, DeploymentTuning tuning, @Nullable Parts before) {
    Capacity capacity = deployment.capacity();
    FirstTokenModel.Replicas replicas =
        capacity instanceof Capacity.SelfHosted
            ? FirstTokenModel.Replicas.KNOWN
            : FirstTokenModel.Replicas.UNKNOWN;
    breaker = before == null ? new Breaker(tuning.breaker()) : before.breaker;
    rotation = before == null ? new Rotation(tuning.breaker()) : before.rotation;
    refusals = before == null ? new RefusalBackoff(tuning.retry()) : before.refusals;
    attendance = before == null ? new Attendance() : before.attendance;
    askedUntil = before == null ? new AtomicLong(LONG_AGO) : before.askedUntil;
    quotas = before == null ? new StatedQuotas() : before.quotas;
    admissionStates = new AdmissionStates(tuning.admissionState());
    headroom =
        switch (capacity) {
          case Capacity.Provisioned it -> new ProvisionedBucket(it, tuning.bucket());
          case Capacity.SelfHosted it -> new EngineSeats(it, tuning.engine(), load::unbegun);
          case Capacity.OnDemand it -> new ConcurrencyLimit(it, tuning.concurrency());
        };
    firstToken = new FirstTokenModel(deployment.speed(), replicas);
    decode = new DecodeModel(deployment.speed(), replicas);
    router = tuning.router();
    forgottenNanos = (long) (tuning.engine().forgottenReportMillis() * NANOS_PER_MILLI);
    for (WorkloadClass workload : WorkloadClass.values()) {
      margins.put(workload, new ConformalMargin(router.initialMargin(), router.marginStep()));
    }
    outlook = new AtomicReference<>(Outlook.of(this));
  }

  /**
   * Those of the same deployment with another capacity. What does not hang on that is shared, for
   * attempts that are under way still teach it: its health, and what it asked or stated.
   */
  Parts resized(Deployment next, DeploymentTuning tuning) {
    Parts made = new Parts(next, tuning, this);
    resized.set(made);
    made.changed(); // what befell the shared ones before they were told of each other
    return made;
  }

  /** Why it takes nothing now, whatever the outlook says; null if it takes this request. */
  @Nullable Rule hindrance(RoutingRequest request, long nowNanos) {
    if (attendance.now() == Presence.ABSENT) {
      return Rule.OFFLINE;
    }
    if (!rotation.letsThrough(request.operation(), nowNanos)) {
      return Rule.MISCONFIGURED;
    }
    Breaker.Ruling ruling = breaker.rule(request.number(), nowNanos);
    if (ruling == Breaker.Ruling.STOPS) {
      return Rule.BREAKER_OPEN;
    }
    if (askedUntil.get() - nowNanos > 0) {
      return Rule.ASKED_TO_WAIT;
    }
    if (quotas.forgets(nowNanos)) {
      changed();
    }
    if (!quotas.fits(request.demand(), nowNanos)) {
      return quotas.isTooShortFor(request.demand(), nowNanos)
          ? Rule.QUOTA_TOO_SHORT
          : Rule.QUOTA_USED_UP;
    }
    if (!admits(request, admissionStates.now())) {
      return Rule.ADMISSION_CLOSED;
    }
    if (!headroom.fits(request.demand(), nowNanos)) {
      return fullRule(nowNanos);
    }
    return ruling == Breaker.Ruling.HOLDS_BACK ? Rule.RAMPING : null;
  }

  private boolean admits(RoutingRequest request, AdmissionState state) {
    return state == AdmissionState.NEW_AND_EXISTING
        || (state == AdmissionState.EXISTING_ONLY && sessions.knows(request.affinity()));
  }

  private Rule fullRule(long nowNanos) {
    return switch (headroom) {
      case ProvisionedBucket bucket ->
          bucket.isFullAsStated(nowNanos) ? Rule.UTILIZATION_FULL : Rule.BUCKET_FULL;
      case EngineSeats _ -> Rule.NO_HEADROOM;
      case ConcurrencyLimit _ -> Rule.CONCURRENCY_LIMIT;
    };
  }

  /** How long it asked, or stated, to take no request of this size; 0 or less if it does not. */
  long closedForNanos(Demand demand, long nowNanos) {
    return Math.max(askedUntil.get() - nowNanos, quotas.roomInNanos(demand, nowNanos));
  }

  /** Takes what a request needs, or nothing if it does not fit. */
  boolean tryTake(Demand demand, long nowNanos) {
    if (!quotas.tryTake(demand, nowNanos)) {
      changed(); // it was counted for a moment, in which somebody may have looked
      return false;
    }
    if (!headroom.tryTake(demand, nowNanos)) {
      quotas.giveBack(demand);
      changed();
      return false;
    }
    return true;
  }

  /** The request is not sent after all. */
  void putBack(Demand demand, long nowNanos) {
    quotas.giveBack(demand);
    headroom.giveBack(demand, new Demand(0, 0), nowNanos);
    changed();
  }

  /** What was sent there so far. */
  SentSoFar sent(long nowNanos) {
    double putIn = headroom instanceof ProvisionedBucket bucket ? bucket.putIn() : 0;
    return quotas.sent(putIn, nowNanos);
  }

  /** Its provider stated what it could still take when so much had been sent. */
  void stated(StatedCapacity what, SentSoFar then, long nowNanos) {
    quotas.stated(what, then, nowNanos);
    Double utilization = what.utilization();
    if (utilization != null && headroom instanceof ProvisionedBucket bucket) {
      bucket.stated(utilization, then, nowNanos);
    }
    changed();
  }

  /** Until when the age of the last report adds nothing; nor does it where no reports come. */
  long freshUntilNanos() {
    long reported = reportedAt.get();
    return reported == LONG_AGO
        ? FAR_AWAY
        : reported + (long) (router.freshMillis() * NANOS_PER_MILLI);
  }

  /** What the age of the last report adds from then on. */
  double stalenessMillis(long freshUntilNanos, long nowNanos) {
    double grown = (nowNanos - freshUntilNanos) / NANOS_PER_SECOND * router.uncertaintyPerSecond();
    return Math.clamp(grown, 0, router.mostUncertaintyMillis());
  }

  /** The engines said how they are. */
  void report(EngineReport report, long nowNanos) {
    long before = reportedAt.getAndSet(nowNanos);
    long pause = before == LONG_AGO ? 0 : nowNanos - before;
    long missed = REPORTS_MISSED * Math.min(pause, RAREST_REPORTS_NANOS);
    reportEndsAt.set(nowNanos + Math.max(forgottenNanos, missed));
    int foreign = 0;
    if (headroom instanceof EngineSeats seats) {
      seats.report(report, nowNanos);
      foreign = seats.foreign();
    }
    admissionStates.report(report, foreign, nowNanos);
    changed();
  }

  /** Until when what the engines said last is believed; far away if they said nothing. */
  long reportEndsNanos() {
    return reportEndsAt.get();
  }

  /** The time is over until which their last report is believed: whoever notices it first. */
  void forgetReport(long nowNanos) {
    long ends = reportEndsAt.get();
    if (ends - nowNanos <= 0 && reportEndsAt.compareAndSet(ends, FAR_AWAY)) {
      admissionStates.forgetReport();
      if (headroom instanceof EngineSeats seats) {
        seats.forgetReport();
      }
      changed();
    }
  }

  /** Takes a measured speed over, if it is the first or differs much from the one before. */
  void measured(Speed speed) {
    Speed before = measured.get();
    boolean isNews = before == null || before.differsFrom(speed, MEASURED_ANEW);
    if (isNews && measured.compareAndSet(before, speed)) {
      firstToken.measured(speed);
      decode.measured(speed);
      changed();
    }
  }

  /** No bound if its engines do not say. */
  int contextTokens() {
    return contextTokens.get();
  }

  /** Its engines said what they take; 0 if they do not say. */
  void takes(int told) {
    int most = told > 0 ? told : Integer.MAX_VALUE;
    if (contextTokens.getAndSet(most) != most) {
      changed();
    }
  }

  /** It asked to be left alone until then; what it asked before stands if it is later. */
  void leaveAlone(long untilNanos) {
    askedUntil.updateAndGet(before -> before - untilNanos > 0 ? before : untilNanos);
    changed();
  }

  /**
   * Something changed here, and the outlook with it. Whoever looked at the parts before a change
   * that somebody else made loses against him, and looks again.
   */
  void changed() {
    Outlook before;
    do {
      before = outlook.get();
    } while (!outlook.compareAndSet(before, Outlook.of(this)));
    Parts after = resized.get();
    if (after != null) {
      after.changed();
    }
  }
}
