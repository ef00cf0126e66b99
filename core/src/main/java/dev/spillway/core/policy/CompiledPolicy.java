package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.ProviderId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contract, compiled: who may run what where.
 *
 * <p>Made by {@link PolicyCompiler}. Time is cut at every date on which a clause begins or ends;
 * for each stretch the sets of deployments are ready. Immutable; shared by all threads. Whatever it
 * does not know, it refuses.
 */
public final class CompiledPolicy {
  private final Terms terms;
  private final long[] starts;
  private final List<Segment> segments;
  private final List<Meter> meters;
  private final Explanation explanation;

  /**
   * Takes over its arguments.
   *
   * @param starts the first second of each segment, ascending; the first is {@link Long#MIN_VALUE}
   */
  CompiledPolicy(Terms terms, long[] starts, List<Segment> segments, List<Meter> meters) {
    this.terms = terms;
    this.starts = starts;
    this.segments = segments;
    this.meters = meters;
    this.explanation = new Explanation(terms);
  }

  /**
   * The deployments that the dated, static clauses (and the tenant's grants, residency and rivals)
   * let a request use; all of them serve its model. Costs nanoseconds; allocates nothing unless the
   * request itself narrows its residency.
   */
  public DeploymentSet allowed(Ask ask, long epochSecond) {
    DeploymentSet granted = at(epochSecond).allowed(ask.tenant(), ask.workload(), ask.model());
    return ask.residency().isEmpty() ? granted : within(ask.residency(), granted);
  }

  /**
   * The clause that wants home offered this request before a partner; null if none is in force. The
   * router honours it: a partner is considered only when every allowed home deployment was found
   * without headroom, and the decision records that refusal.
   */
  public @Nullable ClauseId homeFirst(Ask ask, long epochSecond) {
    return at(epochSecond).homeFirst(ask.workload());
  }

  /** The caps in force on a deployment's provider, in contract order; mostly none. */
  public List<Cap> caps(int deployment, long epochSecond) {
    return at(epochSecond).caps(deployment);
  }

  /** The same for all deployments at once, by their index in the topology. */
  public List<List<Cap>> caps(long epochSecond) {
    return at(epochSecond).caps();
  }

  /** The counters that caps are held against; a cap names its own by index. */
  public List<Meter> meters() {
    return meters;
  }

  /**
   * For people: what rules out each deployment of the model; empty for those it may use.
   *
   * <p>In the order of the topology. Where several rules refuse, one is cited: the grant, then the
   * request's residency, then the tenant's, then the contract's clauses as written, then rivals.
   */
  public List<RuledOut> explain(Ask ask, long epochSecond) {
    return explanation.of(ask, epochSecond, at(epochSecond));
  }

  private Segment at(long epochSecond) {
    int found = Arrays.binarySearch(starts, epochSecond);
    return segments.get(found >= 0 ? found : -found - 2);
  }

  private DeploymentSet within(List<Geography> geographies, DeploymentSet granted) {
    Clause residency = Terms.requested(geographies);
    BitSet left = new BitSet();
    for (int i = granted.next(0); i >= 0; i = granted.next(i + 1)) {
      Deployment deployment = terms.topology().deployments().get(i);
      left.set(i, !residency.excludes(deployment, terms.topology().platform()));
    }
    return DeploymentSet.of(left);
  }

  /**
   * A limit on what a provider is paid, or on its share of the work, in a period.
   *
   * @param clause the clause's id
   * @param meter which counter it is held against, an index of {@link #meters}; caps of one
   *     provider and period share one
   * @param spend the most that may be spent in a period; null if only the share is limited
   * @param share the provider's largest share of output tokens in a period, 0 to 1; 1 if only the
   *     spend is limited
   */
  public record Cap(ClauseId clause, int meter, @Nullable NanoUsd spend, double share) {}

  /**
   * What has to be counted for a cap.
   *
   * @param provider whose spend and output tokens
   * @param per when the count starts again
   */
  public record Meter(ProviderId provider, Period per) {}
}
