package dev.spillway.core.dispatch;

import dev.spillway.core.dispatch.Decision.Verdict;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.RuledOut;
import dev.spillway.core.routing.Rule;
import dev.spillway.core.routing.Scan;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of a scan, made when somebody reads them: most are read by nobody. Unmodifiable;
 * what it is made of does not change either.
 */
final class Verdicts extends AbstractList<Verdict> {
  private @Nullable Scan scan;
  private final Ask ask;
  private final CompiledPolicy policy;

  Verdicts(Scan scan, Ask ask, CompiledPolicy policy) {
    this.scan = scan;
    this.ask = ask;
    this.policy = policy;
  }

  /** From now on it is empty. */
  void forget() {
    Scan known = scan;
    scan = null;
    if (known != null) {
      known.forget();
    }
  }

  @Override
  public int size() {
    return scan == null ? 0 : scan.pool().size();
  }

  @Override
  public Verdict get(int place) {
    Scan scan = scan();
    Deployment deployment = scan.pool().deployment(place).deployment();
    if (isForbidden(scan, place)) {
      RuledOut out = ruledOut(scan, place);
      return new Decision.Excluded(out.deployment(), out.clause(), out.because());
    }
    Rule rule = scan.rule(place);
    return rule != null
        ? new Decision.Unavailable(deployment.id(), rule, deployment.id() + ": " + rule.says())
        : new Decision.Considered(deployment.id(), scan.prediction(place), scan.meets(place));
  }

  /** What rules out every able deployment, in the order of the topology. */
  List<RuledOut> ruledOut() {
    List<RuledOut> all = new ArrayList<>();
    for (int place = 0; place < size(); place++) {
      if (isForbidden(scan(), place)) {
        all.add(ruledOut(scan(), place));
      }
    }
    return all;
  }

  private Scan scan() {
    if (scan == null) {
      throw new IllegalStateException("the verdicts were forgotten");
    }
    return scan;
  }

  /** By the contract, which is not asked about one that could not serve the request anyway. */
  private static boolean isForbidden(Scan scan, int place) {
    return !scan.isPermitted(place) && scan.rule(place) != Rule.UNABLE;
  }

  private RuledOut ruledOut(Scan scan, int place) {
    DeploymentId id = scan.pool().deployment(place).deployment().id();
    CompiledPolicy.Cap cap = scan.cap(place);
    if (cap != null) {
      return new RuledOut(id, cap.clause(), "the cap of this period is used up");
    }
    for (RuledOut each : policy.explain(ask, scan.epochSecond())) {
      if (each.deployment().equals(id)) {
        return each;
      }
    }
    throw new IllegalStateException(id + " is not allowed, and no clause says why");
  }
}
