package dev.spillway.gateway.telemetry;

import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a request when it is over: facts, counts and reasons, never content or keys.
 *
 * @param requestId the client's id of it, or ours
 * @param decisionId by which its decisions are found
 * @param at when it came in
 * @param tenant who asked
 * @param workload which class of work
 * @param model which model, by its own name
 * @param operation path of what was asked, such as {@code chat/completions}
 * @param served who answered; null if nobody did
 * @param outcome how it ended
 * @param status the HTTP status that the client saw
 * @param usage tokens; all 0 if no attempt was made
 * @param nanosToFirstToken from arrival; -1 if there was none
 * @param nanosInAll from arrival to the end
 * @param failures attempts that failed, oldest first
 * @param continuations how often the answer broke off and somebody was found to go on with it
 * @param decisions one a step, oldest first
 */
public record RequestRecord(
    String requestId,
    String decisionId,
    Instant at,
    TenantId tenant,
    WorkloadClass workload,
    ModelName model,
    String operation,
    @Nullable Served served,
    Outcome outcome,
    int status,
    Usage usage,
    long nanosToFirstToken,
    long nanosInAll,
    List<FailedAttempt> failures,
    int continuations,
    List<Decision> decisions) {
  /** Copies. */
  public RequestRecord {
    failures = List.copyOf(failures);
    decisions = List.copyOf(decisions);
  }

  /** The same for long: it needs nothing that {@link Decision#forget} gives away. */
  RequestRecord copy() {
    return new RequestRecord(
        requestId,
        decisionId,
        at,
        tenant,
        workload,
        model,
        operation,
        served,
        outcome,
        status,
        usage,
        nanosToFirstToken,
        nanosInAll,
        failures,
        continuations,
        decisions.stream().map(Decision::copy).toList());
  }

  /** Who answered, or was about to. */
  public record Served(DeploymentId deployment, SiteId site) {}

  /** An attempt that failed, and at whom. */
  public record FailedAttempt(Served at, AttemptFailure failure) {}

  /** How a request ended. */
  public enum Outcome {
    /** The answer is whole. */
    WHOLE,
    /** The answer began and broke off; the client was told. */
    CUT,
    /** No attempt gave an answer; the client was told why. */
    FAILED,
    /** Turned away before any attempt. */
    REFUSED,
    /** The client left. */
    ABANDONED
  }
}
