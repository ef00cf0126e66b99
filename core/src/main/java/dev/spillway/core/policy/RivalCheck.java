package dev.spillway.core.policy;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.policy.SegmentCompiler.Conflict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names the deployments that rivals could share, each pair and deployment once. */
final class RivalCheck {
  private final Terms terms;
  private final Set<Meeting> seen = new HashSet<>();
  private final List<PolicyProblem> problems = new ArrayList<>();

  private record Meeting(Terms.Rivals rivals, DeploymentId deployment) {}

  RivalCheck(Terms terms) {
    this.terms = terms;
  }

  /** Takes in what rivals could share from {@code epochSecond} on; earlier ones first. */
  void look(List<Conflict> conflicts, long epochSecond) {
    for (Conflict conflict : conflicts) {
      conflict.deployments().stream()
          .mapToObj(index -> terms.topology().deployments().get(index).id())
          .map(deployment -> new Meeting(conflict.rivals(), deployment))
          .filter(seen::add)
          .forEach(meeting -> problems.add(problem(meeting, epochSecond)));
    }
  }

  List<PolicyProblem> problems() {
    return problems;
  }

  private static PolicyProblem problem(Meeting meeting, long epochSecond) {
    var declarer = meeting.rivals.declarer();
    var deployment = meeting.deployment;
    return new PolicyProblem(
        "tenants." + declarer + ".rivals",
        ("from %s on, %s and its rival %s could both reach deployment %s (expected: a clause that"
                + " dedicates it, such as contract.%s-apart: {kind: isolation, deployment: %s,"
                + " tenants: [%s]})")
            .formatted(
                Instant.ofEpochSecond(epochSecond).atOffset(ZoneOffset.UTC).toLocalDate(),
                declarer,
                meeting.rivals.other(),
                deployment,
                deployment,
                deployment,
                declarer));
  }
}
