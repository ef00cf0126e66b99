package dev.spillway.core.dispatch;

import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.retry.Elsewhere;

/**
 * Where an attempt of a journey failed.
 *
 * @param contextTokens what the deployment was thought to take then
 * @param tooLong whether the input was longer than it takes
 */
record Stop(Deployment at, int contextTokens, Elsewhere meaning, boolean tooLong) {
  boolean wasAt(DeploymentId id) {
    return at.id().equals(id);
  }
}
