package dev.spillway.core.dispatch;

import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Moment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request from the door to its settlement, as decisions see it.
 *
 * <p>Made by a driver when the request was authenticated and scanned; from then on only {@link
 * Dispatcher} changes it. Owned by the event loop (or simulation) that runs the request; not
 * thread-safe.
 */
public final class Journey {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Ask ask;
  private final Tenant tenant;
  private final Objective objective;
  private final RequestShape shape;
  private final long arrivedNanos;
  private final long arrivedEpochSecond;
  private final Deadline deadline;
  private final List<AttemptFailure> failures = new ArrayList<>(2);
  private final List<Decision> decisions = new ArrayList<>(2);
  private final Itinerary itinerary;
  private long deadlineNanos;

  /**
   * A request that has just come in.
   *
   * @param arrivedNanos the driver's monotonic clock
   * @param arrivedEpochSecond the wall clock, for clauses with dates
   * @param deadlineNanos when the answer is no longer wanted, on the monotonic clock: the sooner of
   *     the objective's and the client's own
   */
  public Journey(
      Ask ask,
      Tenant tenant,
      Objective objective,
      RequestShape shape,
      long arrivedNanos,
      long arrivedEpochSecond,
      long deadlineNanos) {
    this(
        ask,
        tenant,
        objective,
        shape,
        arrivedNanos,
        arrivedEpochSecond,
        Deadline.at(deadlineNanos),
        null);
  }

  /**
   * A request that not every deployment can serve: it asks for what few of them offer, or goes on
   * from what one of them made.
   *
   * @param able those that can; null for all. It only narrows: the contract is asked about each of
   *     them all the same
   */
  public Journey(
      Ask ask,
      Tenant tenant,
      Objective objective,
      RequestShape shape,
      long arrivedNanos,
      long arrivedEpochSecond,
      Deadline deadline,
      @Nullable Set<DeploymentId> able) {
    this.ask = ask;
    this.tenant = tenant;
    this.objective = objective;
    this.shape = shape;
    this.arrivedNanos = arrivedNanos;
    this.arrivedEpochSecond = arrivedEpochSecond;
    this.deadline = deadline;
    this.deadlineNanos = deadline.beginsByNanos();
    this.itinerary = new Itinerary(able == null ? null : Set.copyOf(able));
  }

  /**
   * Another configuration is in force, under which others can serve it.
   *
   * @param able those that can; null for all
   */
  public void reconsider(@Nullable Set<DeploymentId> able) {
    itinerary.reconsider(able == null ? null : Set.copyOf(able));
  }

  /** Whether the deployment can serve it at all, whatever the contract says. */
  public boolean canBeServedBy(Deployment deployment) {
    return itinerary.isAble(deployment);
  }

  /** The facts that clauses speak of. */
  public Ask ask() {
    return ask;
  }

  /** Who asks. */
  public Tenant tenant() {
    return tenant;
  }

  /** What it is held to. */
  public Objective objective() {
    return objective;
  }

  /** What routing needs to know of the request itself. */
  public RequestShape shape() {
    return shape;
  }

  /** When it came in, on the driver's monotonic clock. */
  public long arrivedNanos() {
    return arrivedNanos;
  }

  /** When it came in, in seconds since 1970. */
  public long arrivedEpochSecond() {
    return arrivedEpochSecond;
  }

  /**
   * When its answer is no longer wanted as things stand, on the driver's monotonic clock: later,
   * maybe, once its first content is there.
   */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** When it is no longer wanted, before its first content and after it. */
  public Deadline deadline() {
    return deadline;
  }

  /** What it was expected to use when it was let in; asked only until it has left. */
  public Demand expected() {
    return itinerary.request().demand();
  }

  /** What went wrong so far, oldest first. */
  public List<AttemptFailure> failures() {
    return Collections.unmodifiableList(failures);
  }

  /** One a step so far, oldest first: what {@code explain} shows. */
  public List<Decision> decisions() {
    return Collections.unmodifiableList(decisions);
  }

  Itinerary itinerary() {
    return itinerary;
  }

  Moment moment(long nowNanos) {
    long waited = Math.max(0, nowNanos - arrivedNanos);
    return new Moment(nowNanos, arrivedEpochSecond + waited / NANOS_PER_SECOND, waited);
  }

  /** The client sees the first content of its answer. */
  void begins() {
    deadlineNanos = deadline.endsByNanos();
  }

  void add(AttemptFailure failure) {
    failures.add(failure);
  }

  void add(Decision decision) {
    decisions.add(decision);
  }
}
