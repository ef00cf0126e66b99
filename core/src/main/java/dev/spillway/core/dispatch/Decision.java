package dev.spillway.core.dispatch;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One routing decision with its reasons: what {@code explain} and the console show.
 *
 * @param number 1 for the first decision of a request
 * @param chosen where it goes; null if nowhere yet
 * @param why the rule that decided
 * @param waitedNanos how long the request had waited at the hub by then
 * @param verdicts one for each deployment of the model, in the order of the topology
 */
public record Decision(
    int number, @Nullable DeploymentId chosen, Why why, long waitedNanos, List<Verdict> verdicts) {
  /** Copies. */
  public Decision {
    verdicts = List.copyOf(verdicts);
  }

  /** The rule that decided. */
  public enum Why {
    /** The lowest price among those that meet the objective. */
    CHEAPEST_THAT_MEETS_OBJECTIVE,
    /** None meets the objective: the lowest time to first token. */
    FASTEST,
    /** Waiting for home's next slot is faster than anything that is open. */
    WAITING_IS_FASTER,
    /** Every allowed deployment is without headroom. */
    NO_HEADROOM,
    /** The contract allows none. */
    FORBIDDEN,
    /** An earlier attempt failed and nothing is left to try. */
    NOTHING_LEFT_TO_TRY
  }

  /** What was found about one deployment. */
  public sealed interface Verdict {
    /** Which one. */
    DeploymentId deployment();
  }

  /** A clause does not allow it. */
  public record Excluded(DeploymentId deployment, ClauseId clause, String because)
      implements Verdict {}

  /** It cannot take the request now. */
  public record Unavailable(DeploymentId deployment, Rule rule, String detail) implements Verdict {}

  /**
   * It could take the request.
   *
   * @param prediction term by term
   * @param meetsObjective whether it was expected to
   */
  public record Considered(DeploymentId deployment, Prediction prediction, boolean meetsObjective)
      implements Verdict {}

  /** Why an allowed deployment takes nothing now. */
  public enum Rule {
    /** Its breaker is open: it is ill. */
    BREAKER_OPEN,
    /** It came back from illness a moment ago and takes a growing share only. */
    RAMPING,
    /** It asked to be left alone until a time that is not over. */
    ASKED_TO_WAIT,
    /** Its bucket would be over its level when the request arrives. */
    BUCKET_FULL,
    /** Its engines have a queue, or no room in their batch or KV cache. */
    NO_HEADROOM,
    /** Its admission state takes known sessions only, or nothing. */
    ADMISSION_CLOSED,
    /** As many attempts are in flight as it takes. */
    CONCURRENCY_LIMIT,
    /** The request is longer than its context. */
    CONTEXT_TOO_SHORT,
    /** This request was there already and it failed. */
    TRIED,
    /** Home has headroom, and a clause wants home offered the request first. */
    HOME_FIRST
  }
}
