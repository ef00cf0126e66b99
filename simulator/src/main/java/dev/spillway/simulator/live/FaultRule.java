package dev.spillway.simulator.live;

/**
 * One request in so many fails.
 *
 * @param every at least 1, which is all of them
 */
public record FaultRule(Fault fault, int every) {
  /** Checks the bound. */
  public FaultRule {
    if (every < 1) {
      throw new IllegalArgumentException("every: " + every + " (expected: >= 1)");
    }
  }
}
