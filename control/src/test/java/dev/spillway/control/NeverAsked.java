package dev.spillway.control;

import dev.spillway.control.decisions.DecisionRecord;
import dev.spillway.control.decisions.DecisionSource;
import dev.spillway.control.status.ConfigStatus;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.control.status.Readiness;
import java.util.List;
import java.util.Optional;

/** A hub whose state no test of the port itself gets to see. */
final class NeverAsked implements HubStatus, DecisionSource {
  @Override
  public Readiness readiness() {
    throw new IllegalStateException("nobody can ask");
  }

  @Override
  public ConfigStatus config() {
    throw new IllegalStateException("nobody can ask");
  }

  @Override
  public List<DeploymentView> deployments() {
    throw new IllegalStateException("nobody can ask");
  }

  @Override
  public Optional<DecisionRecord> find(String id) {
    throw new IllegalStateException("nobody can ask");
  }

  @Override
  public List<DecisionRecord> latest(int most) {
    throw new IllegalStateException("nobody can ask");
  }
}
