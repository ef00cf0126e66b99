package dev.spillway.core.routing;

import static java.util.Objects.requireNonNull;

import dev.spillway.core.forecast.ConformalMargin;
import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.Breaker;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.quota.ProvisionedBucket;
import dev.spillway.core.retry.AttemptBudget;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one deployment now: its health, its headroom, its speed, and what we
 * sent there.
 *
 * <p>Shared by all event loops; each part is stepped by compare-and-set, so that what is read
 * together may be of different instants, by microseconds.
 */
public final class LiveDeployment {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Deployment deployment;
  private final DeploymentTuning tuning;
  private final Parts parts;
  private final Allowances allowances;
  private final AtomicReference<Outlook> outlook;
  private final double roundTripMillis;
  private final int contextTokens;
  private final double inputNanoUsd;
  private final double outputNanoUsd;

  /** A deployment of which nothing is known but its configuration. */
  public LiveDeployment(Deployment deployment, DeploymentTuning tuning) {
    this(deployment, tuning, new Parts(deployment, tuning), Allowances.of(tuning));
  }

  private LiveDeployment(
      Deployment deployment, DeploymentTuning tuning, Parts parts, Allowances allowances) {
    this.deployment = deployment;
    this.tuning = tuning;
    this.parts = parts;
    this.allowances = allowances;
    this.outlook = parts.outlook;
    this.contextTokens = deployment.contextTokens();
    boolean prepaid = deployment.capacity() instanceof Capacity.Provisioned;
    Price price = prepaid ? Price.FREE : deployment.price();
    this.inputNanoUsd = price.nanoUsd(1, 0, 0);
    this.outputNanoUsd = price.nanoUsd(0, 0, 1);
    this.roundTripMillis = deployment.site().roundTrip().toNanos() / NANOS_PER_MILLI;
  }

  /**
   * The same deployment under a new configuration. If it left the capacity as it was, only the
   * tuning of retries, limits and hedges is taken over; else it stays known how well it is.
   */
  public LiveDeployment successor(Deployment next, DeploymentTuning changed) {
    return deployment.capacity().equals(next.capacity())
        ? new LiveDeployment(next, changed, parts, allowances.under(tuning, changed))
        : new LiveDeployment(next, changed, parts.resized(next, changed), Allowances.of(changed));
  }

  /** What it is. */
  public Deployment deployment() {
    return deployment;
  }

  /** Why it takes nothing now; null if it takes this request. */
  public @Nullable Rule hindrance(RoutingRequest request, long nowNanos) {
    return hindrance(request, outlook(nowNanos), nowNanos);
  }

  @Nullable Rule hindrance(RoutingRequest request, Outlook seen, long nowNanos) {
    if (request.demand().inputTokens() >= Math.min(contextTokens, seen.contextTokens())) {
      return Rule.CONTEXT_TOO_SHORT;
    }
    return seen.takes(request.demand().tokens(), nowNanos)
        ? null
        : parts.hindrance(request, nowNanos);
  }

  /** The longest input and output together that it takes: by its configuration and its engines. */
  public int contextTokens() {
    return Math.min(contextTokens, outlook.get().contextTokens());
  }

  double roundTripMillis() {
    return roundTripMillis;
  }

  Outlook outlook() {
    return outlook.get();
  }

  /** The outlook, without what its engines said too long ago. */
  Outlook outlook(long nowNanos) {
    if (outlook.get().reportEndsNanos() - nowNanos <= 0) {
      parts.forgetReport(nowNanos);
    }
    return outlook.get();
  }

  /** What is ahead of a request, while prompts are read whose first token nobody will see. */
  double queueMillis(long nowNanos) {
    return parts.firstToken.queueMillis(pendingPerReplica(nowNanos), batch());
  }

  double prefillMillis(long inputTokens) {
    return parts.firstToken.prefillMillis(inputTokens);
  }

  /** What may come on top: an uneven queue, and what has changed since the last report. */
  double uncertaintyMillis(double queueMillis, long freshUntilNanos, long nowNanos) {
    double uneven = tuning.router().queueError() * queueMillis;
    return nowNanos - freshUntilNanos <= 0
        ? uneven
        : uneven + parts.stalenessMillis(freshUntilNanos, nowNanos);
  }

  /** What a request costs here, nano-dollars, not rounded; prepaid tokens cost nothing more. */
  public double priceNanoUsd(Demand demand) {
    return inputNanoUsd * demand.inputTokens() + outputNanoUsd * demand.outputTokens();
  }

  /** The learnt margin of a class, as a share of its objective. */
  public ConformalMargin margin(WorkloadClass workload) {
    return requireNonNull(parts.margins.get(workload));
  }

  /**
   * How long until it may take a request that is behind others in our waiting room, milliseconds.
   *
   * @param ahead requests that wait before it
   */
  public double roomInMillis(RoutingRequest request, int ahead, long nowNanos) {
    return Turn.inMillis(parts, request, ahead, nowNanos);
  }

  /**
   * Takes what the request needs; null if it went to another in the meantime.
   *
   * @param predictedMillis when its first token is expected
   */
  public @Nullable Reservation tryReserve(
      RoutingRequest request, double predictedMillis, long nowNanos) {
    double saturation = parts.headroom.saturation(nowNanos);
    Breaker.Ruling ruling = parts.breaker.rule(request.number(), nowNanos);
    if (ruling == Breaker.Ruling.STOPS || !parts.tryTake(request.demand(), nowNanos)) {
      return null;
    }
    boolean probe = ruling == Breaker.Ruling.WANTS_A_PROBE;
    if ((probe && !parts.breaker.tryProbe(request.number(), nowNanos))
        || !parts.rotation.tryEnter(request.operation(), nowNanos)) {
      parts.putBack(request.demand(), nowNanos);
      return null;
    }
    return new Reservation(this, request, predictedMillis, saturation, probe, nowNanos);
  }

  /**
   * How long it asked, or stated, to take no such request, nanoseconds; 0 or less if it did not.
   */
  public long closedForNanos(RoutingRequest request, long nowNanos) {
    return parts.closedForNanos(request.demand(), nowNanos);
  }

  /** Whether what is left of a quota that it stated is for smaller requests, until its reset. */
  public boolean isQuotaTooShortFor(RoutingRequest request, long nowNanos) {
    return parts.quotas.isTooShortFor(request.demand(), nowNanos);
  }

  /** A request went elsewhere because of this rule. */
  public void passedOver(Rule rule) {
    if (rule.isOfBucket() && parts.headroom instanceof ProvisionedBucket bucket) {
      bucket.spilled(); // which lets it be full later: the outlook errs on the safe side till then
    }
  }

  /** The engines said how they are. */
  public void report(EngineReport report, long nowNanos) {
    parts.report(report, nowNanos);
  }

  /**
   * Somebody measured how fast one of its replicas is, with nothing else to do. Counts when it is
   * heard first, and when it differs much from the time before, as that of another model does: in
   * between, requests teach more.
   */
  public void measured(Speed speed) {
    parts.measured(speed);
  }

  /** Its engines said the longest input and output together that they take; 0 if they do not. */
  public void takes(int contextTokens) {
    parts.takes(contextTokens);
  }

  /** Whether anybody is there, so far as that is known. */
  public Presence presence() {
    return parts.attendance.now();
  }

  /** It became known whether anybody is there; who is back takes a growing share at first. */
  public void presence(Presence told, long nowNanos) {
    if (parts.attendance.bringsBack(told)) {
      parts.breaker.returned(nowNanos);
    }
    parts.changed();
  }

  /** Its breaker. */
  public Breaker breaker() {
    return parts.breaker;
  }

  /** What its engines let in. */
  public AdmissionState admissionState(long nowNanos) {
    parts.forgetReport(nowNanos);
    return parts.admissionStates.now();
  }

  /** What repeating there may cost. */
  public AttemptBudget retryBudget() {
    return allowances.retries();
  }

  /** What running a second attempt beside a late one there may cost. */
  public AttemptBudget hedgeBudget() {
    return allowances.hedges();
  }

  /** How long attempts there are worth waiting for. */
  public Patience patience() {
    return allowances.patience();
  }

  /** The operations for which it is out of rotation while it refuses our configuration. */
  public List<OperationName> refusedOperations() {
    return parts.rotation.out();
  }

  /** Somebody changed its configuration, or its credential: what was refused may be right now. */
  public void reconsider() {
    parts.rotation.reset();
    parts.changed();
  }

  /** Attempts sent and unfinished. */
  public int inFlight() {
    return parts.load.inFlight();
  }

  /** Input tokens whose first output token is not here yet. */
  public long pendingTokens(long nowNanos) {
    return parts.load.pendingTokens() + parts.load.unseen().unreadTokens(readingRate(), nowNanos);
  }

  /** The learnt prefill rate of a replica. */
  public double prefillTokensPerSecond() {
    return parts.firstToken.prefillTokensPerSecond();
  }

  /** How full it is: 1 is full. */
  public double saturation(long nowNanos) {
    parts.forgetReport(nowNanos);
    return Math.max(parts.headroom.saturation(nowNanos), parts.admissionStates.saturation());
  }

  /** Input tokens that all replicas together read in a second. */
  double readingRate() {
    return prefillTokensPerSecond() * replicas();
  }

  Parts parts() {
    return parts;
  }

  double pendingPerReplica(long nowNanos) {
    return (double) pendingTokens(nowNanos) / replicas();
  }

  /** Sequences a replica is decoding. */
  double batch() {
    return Outlook.batch(parts, replicas());
  }

  /** How many there are, by what they say or by the configuration; at least 1. */
  public int replicas() {
    return Outlook.replicas(parts);
  }

  /** A deployment asked to be left alone: for every request, not for one. */
  void leaveAlone(long untilNanos) {
    parts.leaveAlone(untilNanos);
  }

  /**
   * The same by one that failed. It is believed for no longer than its breaker would leave it alone
   * if it were found to be ill: one node of many may have said it, and it may be well long before.
   */
  void leaveAloneWhileIll(long askedNanos, long nowNanos) {
    long most = tuning.breaker().mostHoldDown().toNanos();
    parts.leaveAlone(nowNanos + Math.clamp(askedNanos, 0, most));
  }
}
