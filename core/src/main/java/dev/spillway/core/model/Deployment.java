package dev.spillway.core.model;

import org.jspecify.annotations.Nullable;

/**
 * One model at one site under one contract: what routing picks.
 *
 * <p>What a decision needs and no more: addresses, credentials and dialects belong to the data
 * plane.
 *
 * @param id its name
 * @param site where it runs
 * @param model what clients ask for to get it
 * @param accelerator the chip it runs on; null if nobody said
 * @param capacity how it is paid for and limited
 * @param price what its tokens cost
 * @param speed how fast one replica is believed to be
 * @param contextTokens the longest input and output together that it takes, at least 1
 */
public record Deployment(
    DeploymentId id,
    Site site,
    ModelName model,
    @Nullable Accelerator accelerator,
    Capacity capacity,
    Price price,
    Speed speed,
    int contextTokens) {
  /** Checks every bound. */
  public Deployment {
    if (contextTokens < 1) {
      throw new IllegalArgumentException(
          "deployment.context-tokens: " + contextTokens + " (expected: >= 1)");
    }
  }

  /** Whether it stands on the platform's own provider. */
  public boolean isHome() {
    return site.role() == Site.Role.HOME;
  }
}
