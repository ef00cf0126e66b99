package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.NanoUsd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contract, compiled: who may run what where.
 *
 * <p>Immutable; shared by all threads. Whatever it does not know, it refuses.
 */
public interface CompiledPolicy {
  /**
   * The deployments that the dated, static clauses (and the tenant's grants, residency and rivals)
   * let a request use; all of them serve its model. Costs nanoseconds; allocates nothing unless the
   * request itself narrows its residency.
   */
  DeploymentSet allowed(Ask ask, long epochSecond);

  /**
   * The clause that wants home offered this request before a partner; null if none is in force. The
   * router honours it: a partner is considered only when every allowed home deployment was found
   * without headroom, and the decision records that refusal.
   */
  @Nullable ClauseId homeFirst(Ask ask, long epochSecond);

  /** The caps in force on a deployment's provider; mostly none. */
  List<Cap> caps(int deployment, long epochSecond);

  /** For people: what rules out each deployment of the model; empty for those it may use. */
  List<RuledOut> explain(Ask ask, long epochSecond);

  /**
   * A limit on what a provider is paid, or on its share of the work, in a period.
   *
   * @param clause the clause's id
   * @param meter which counter it is held against; caps of one provider and period share one
   * @param spend the most that may be spent in a period; null if only the share is limited
   * @param share the provider's largest share of output tokens in a period, 0 to 1; 1 if only the
   *     spend is limited
   */
  record Cap(ClauseId clause, int meter, @Nullable NanoUsd spend, double share) {}
}
