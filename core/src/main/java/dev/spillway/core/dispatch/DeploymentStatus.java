package dev.spillway.core.dispatch;

import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.routing.Presence;
import java.util.List;

/**
 * How one deployment is doing, for metrics and people; not for decisions.
 *
 * @param deployment which one
 * @param inFlight attempts sent and unfinished
 * @param queuedInputTokens input tokens sent whose first output token is not here yet
 * @param saturation the worse of its bucket level, KV use and queue over limit; 1 is full
 * @param breaker its breaker
 * @param admissionState what it takes now
 * @param margin the learnt margin of online inference, as a share of its objective, 0 to 1
 * @param prefillTokensPerSecond the learnt prefill rate of a replica
 * @param replicas how many there are, by what they say or by its configuration; at least 1
 * @param refusedOperations those for which it is out of rotation because it refuses our credential
 *     or does not know its model: somebody must change something; in alphabetical order
 * @param presence whether anybody is there, so far as that is known before an attempt
 * @param contextTokens the longest input and output together that it takes: by its configuration,
 *     or by its engines where they say less
 */
public record DeploymentStatus(
    DeploymentId deployment,
    int inFlight,
    long queuedInputTokens,
    double saturation,
    BreakerState breaker,
    AdmissionState admissionState,
    double margin,
    double prefillTokensPerSecond,
    int replicas,
    List<OperationName> refusedOperations,
    Presence presence,
    int contextTokens) {
  private static final double MICROS_PER_SECOND = 1e6;

  /** Copies the list. */
  public DeploymentStatus {
    refusedOperations = List.copyOf(refusedOperations);
  }

  /**
   * What one more request waits until what was sent before it is read, microseconds; 0 if nobody
   * knows how fast that is.
   *
   * <pre>
   *   queue = queued tokens, but for its own / (rate of a replica * replicas)
   * </pre>
   *
   * @param ownTokens of what is queued, those that are the request's own
   */
  public long queueMicros(long ownTokens) {
    double rate = prefillTokensPerSecond * replicas;
    long before = Math.max(0, queuedInputTokens - ownTokens);
    return rate > 0 ? (long) (before * MICROS_PER_SECOND / rate) : 0;
  }

  /** Whether it is out of rotation for any operation. */
  public boolean misconfigured() {
    return !refusedOperations.isEmpty();
  }
}
