package dev.spillway.core.dispatch;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.routing.Prediction;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Why;
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
  /** Copies, unless they are made on reading from what cannot change. */
  public Decision {
    verdicts = verdicts instanceof Verdicts ? verdicts : List.copyOf(verdicts);
  }

  /**
   * Nobody reads the verdicts any more: what they are made of is used for another decision, and
   * from now on there are none. Only after {@link Dispatcher#left}, and on no other thread while
   * one reads. Not needed, but spares garbage as large as the pool.
   */
  public void forget() {
    if (verdicts instanceof Verdicts lazy) {
      lazy.forget();
    }
  }

  /** The same for long: it needs nothing that {@link #forget} gives away. */
  public Decision copy() {
    return new Decision(number, chosen, why, waitedNanos, List.copyOf(verdicts));
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
}
