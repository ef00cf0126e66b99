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
  /** The same where the rest of an answer is wanted that broke off there: it may go once more. */
  Stop brokenOff() {
    return meaning == Elsewhere.NEVER_HERE_AGAIN && !tooLong
        ? new Stop(at, contextTokens, Elsewhere.HERE_ONCE_MORE, false)
        : this;
  }

  /** Of a deployment with a weight of 1 another attempt may be made, of more none. */
  int weight() {
    return switch (meaning) {
      case HERE_WHEN_ASKED -> 0; // it was full
      case HERE_ONCE_MORE -> 1;
      case NEVER_HERE_AGAIN, NOWHERE -> 2;
    };
  }

  boolean wasAt(DeploymentId id) {
    return at.id().equals(id);
  }
}
