package dev.spillway.core.routing;

import dev.spillway.core.model.Objective;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.quota.Demand;

/**
 * A request as the router sees it.
 *
 * @param number its number at this hub; places it in a ramp
 * @param ask the facts that clauses speak of
 * @param objective what it is held to
 * @param demand what it is expected to use
 * @param affinity hash of its session, 0 if there is none
 * @param streamed whether its first token will be seen when it is made
 * @param effort how long it lets the model think
 * @param operation what it wants done
 */
public record RoutingRequest(
    long number,
    Ask ask,
    Objective objective,
    Demand demand,
    long affinity,
    boolean streamed,
    ReasoningEffort effort,
    OperationName operation) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** The same request, once part of its answer is there. */
  public RoutingRequest with(Demand remaining) {
    return new RoutingRequest(
        number, ask, objective, remaining, affinity, streamed, effort, operation);
  }

  /** Whether reading the input is all that a model does for it. */
  public boolean isOnlyRead() {
    return demand.inputTokens() > 0 && demand.outputTokens() == 0;
  }

  /** Its time to first token, milliseconds. */
  public double ttftMillis() {
    return objective.ttft().toNanos() / NANOS_PER_MILLI;
  }

  /** Its time per output token, milliseconds. */
  public double tpotMillis() {
    return objective.tpot().toNanos() / NANOS_PER_MILLI;
  }
}
