package dev.spillway.app.hub;

import dev.spillway.control.decisions.DecisionRecord;
import dev.spillway.control.decisions.DecisionSource;
import dev.spillway.gateway.telemetry.RecentDecisions;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.FailedAttempt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the data plane remembers, as the admin port shows it. */
final class RecentRequests implements DecisionSource {
  private final RecentDecisions recent;

  RecentRequests(RecentDecisions recent) {
    this.recent = recent;
  }

  @Override
  public Optional<DecisionRecord> find(String id) {
    return recent.find(id).map(RecentRequests::shown);
  }

  @Override
  public List<DecisionRecord> latest(int most) {
    return recent.latest(most).stream().map(RecentRequests::shown).toList();
  }

  private static DecisionRecord shown(RequestRecord request) {
    return new DecisionRecord(
        request.decisionId(),
        request.at(),
        request.tenant(),
        request.workload(),
        request.model(),
        request.outcome().name().toLowerCase(Locale.ROOT),
        request.decisions(),
        request.failures().stream().map(FailedAttempt::failure).toList());
  }
}
