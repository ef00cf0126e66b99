package dev.spillway.core.routing;

/**
 * What the router chose.
 *
 * @param place in the pool; -1 if nothing yet
 * @param why the rule that decided
 * @param lookAgainNanos if nothing yet, when to ask again at the latest, on the monotonic clock
 */
public record Choice(int place, Why why, long lookAgainNanos) {
  /** Whether a deployment was chosen. */
  public boolean isMade() {
    return place >= 0;
  }
}
