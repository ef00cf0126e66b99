package dev.spillway.core.dispatch;

import dev.spillway.core.admission.RoomTuning;
import dev.spillway.core.routing.DeploymentTuning;

/**
 * Every constant of the decisions, each in the record of the part it belongs to, with its default,
 * unit, bound and source.
 *
 * @param deployment what is kept about each deployment, and how they are compared
 * @param room how requests wait
 * @param priorOutputTokens output tokens expected of a tenant and model never seen, at least 1;
 *     default 256
 */
public record Tuning(DeploymentTuning deployment, RoomTuning room, double priorOutputTokens) {
  /** The defaults of each. */
  public static final Tuning DEFAULT =
      new Tuning(DeploymentTuning.DEFAULT, RoomTuning.DEFAULT, 256);

  /** Checks every bound. */
  public Tuning {
    if (!(priorOutputTokens >= 1)) {
      throw new IllegalArgumentException(
          "tuning.prior-output-tokens: " + priorOutputTokens + " (expected: >= 1)");
    }
  }
}
