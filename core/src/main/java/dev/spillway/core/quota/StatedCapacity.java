package dev.spillway.core.quota;

import org.jspecify.annotations.Nullable;

/**
 * What a provider states with an answer of what it can still take; null is what it does not say.
 *
 * @param requests its quota of requests
 * @param tokens its quota of input and output tokens
 * @param utilization how full it is, at least 0: from 1 on it refuses
 */
public record StatedCapacity(
    @Nullable Quota requests, @Nullable Quota tokens, @Nullable Double utilization) {
  /** Checks every bound. */
  public StatedCapacity {
    if (utilization != null && !(utilization >= 0)) {
      throw new IllegalArgumentException("utilization: " + utilization + " (expected: >= 0)");
    }
  }
}
