package dev.spillway.control.decisions;

import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Instant;
import java.util.List;

/**
 * One request and every decision about it.
 *
 * @param id as its answer's head says
 * @param arrivedAt when it came in
 * @param tenant who asked
 * @param workload what kind of work it was
 * @param model what was asked for
 * @param outcome how it ended, in a word or two
 * @param decisions oldest first
 * @param failures of its attempts, oldest first
 */
public record DecisionRecord(
    String id,
    Instant arrivedAt,
    TenantId tenant,
    WorkloadClass workload,
    ModelName model,
    String outcome,
    List<Decision> decisions,
    List<AttemptFailure> failures) {
  /** Copies. */
  public DecisionRecord {
    decisions = List.copyOf(decisions);
    failures = List.copyOf(failures);
  }
}
