package dev.spillway.app.hub;

import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.ServedModels;
import dev.spillway.core.model.DeploymentId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the operator which deployments are asked for a model that their engines do not name, once
 * for each change. While nobody says what they serve, nothing changed.
 *
 * <p>One thread.
 */
final class MissingModels {
  private static final Logger LOG = System.getLogger(MissingModels.class.getName());

  private final Map<DeploymentId, Missing> told = new HashMap<>();

  /** What is asked for, and what is there instead. */
  private record Missing(String expected, Set<String> there) {}

  void look(List<DeploymentView> deployments) {
    told.keySet().retainAll(deployments.stream().map(each -> each.deployment().id()).toList());
    for (DeploymentView each : deployments) {
      ServedModels served = each.served();
      @Nullable List<String> models = served == null ? null : served.said().models();
      if (served == null) {
        told.remove(each.deployment().id());
      } else if (served.isExpectedMissing()) {
        isMissing(each, served.expected(), models == null ? List.of() : models);
      } else if (models != null && models.contains(served.expected())) {
        isThere(each, served.expected());
      }
    }
  }

  private void isMissing(DeploymentView view, String expected, List<String> models) {
    Missing now = new Missing(expected, Set.copyOf(models));
    if (!now.equals(told.put(view.deployment().id(), now))) {
      LOG.log(
          Level.WARNING,
          "deployment {0} at {1} is asked for model {2}, and its engines serve {3}: they may refuse"
              + " it (expected: upstream-model is a name that all of them have)",
          view.deployment().id(),
          view.deployment().site().id(),
          expected,
          models.isEmpty() ? "none under a name that all have" : String.join(", ", models));
    }
  }

  private void isThere(DeploymentView view, String expected) {
    if (told.remove(view.deployment().id()) != null) {
      LOG.log(
          Level.INFO,
          "deployment {0} at {1} is asked for model {2}, and its engines serve it",
          view.deployment().id(),
          view.deployment().site().id(),
          expected);
    }
  }
}
