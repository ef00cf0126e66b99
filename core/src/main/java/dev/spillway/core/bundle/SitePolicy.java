package dev.spillway.core.bundle;

import static java.util.stream.Collectors.joining;

import dev.spillway.core.bundle.SiteBundle.Guest;
import dev.spillway.core.bundle.SiteBundle.Served;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.core.policy.PolicyProblem;
import dev.spillway.core.policy.RuledOut;
import java.util.List;

/**
 * A bundle, compiled: the hub's own policy code, asked again at the site.
 *
 * <p>Immutable; whatever it does not know, it refuses.
 */
public final class SitePolicy {
  private static final int ANY_CONTEXT = Integer.MAX_VALUE;
  private static final Capacity ANY_CAPACITY = new Capacity.OnDemand(Integer.MAX_VALUE);
  private static final Speed ANY_SPEED = new Speed(0, 1, 0, 0);

  private final SiteBundle bundle;
  private final Topology topology;
  private final CompiledPolicy policy;

  private SitePolicy(SiteBundle bundle, Topology topology, CompiledPolicy policy) {
    this.bundle = bundle;
    this.topology = topology;
    this.policy = policy;
  }

  /** What became of a bundle. */
  public sealed interface Result {
    /** It can be judged by. */
    record Ready(SitePolicy policy) implements Result {}

    /** It cannot. */
    record Unusable(String problem) implements Result {}
  }

  /** What is said of a request. */
  public sealed interface Verdict {
    /** It may be served. */
    record Allowed() implements Verdict {}

    /** The bundle is too old to say so. */
    record Expired() implements Verdict {}

    /** It may not. */
    record Forbidden(ClauseId clause, String because) implements Verdict {}
  }

  /** Compiles a bundle. */
  public static Result of(SiteBundle bundle, long nowEpochSecond) {
    try {
      Topology topology =
          new Topology(
              bundle.platform(),
              List.of(bundle.site()),
              bundle.deployments().stream().map(each -> deployment(bundle, each)).toList());
      List<Tenant> tenants = bundle.tenants().stream().map(SitePolicy::tenant).toList();
      Contract contract = new Contract(bundle.clauses());
      return switch (PolicyCompiler.compile(topology, tenants, contract, nowEpochSecond)) {
        case Compilation.Compiled(var policy) ->
            new Result.Ready(new SitePolicy(bundle, topology, policy));
        case Compilation.Refused(var problems) ->
            new Result.Unusable(
                problems.stream().map(PolicyProblem::toString).collect(joining("; ")));
      };
    } catch (IllegalArgumentException e) {
      return new Result.Unusable(String.valueOf(e.getMessage()));
    }
  }

  /** What it was compiled of. */
  public SiteBundle bundle() {
    return bundle;
  }

  /** Whether a request of these facts may be served by this deployment now. */
  public Verdict judge(Ask ask, DeploymentId deployment, long nowEpochSecond) {
    if (nowEpochSecond >= bundle.notAfterEpochSecond()) {
      return new Verdict.Expired();
    }
    int index = topology.indexOf(deployment).orElse(-1);
    if (index >= 0 && policy.allowed(ask, nowEpochSecond).contains(index)) {
      return new Verdict.Allowed();
    }
    for (RuledOut each : policy.explain(ask, nowEpochSecond)) {
      if (each.deployment().equals(deployment)) {
        return new Verdict.Forbidden(each.clause(), each.because());
      }
    }
    return new Verdict.Forbidden(
        new ClauseId("spillway:model"), deployment + " does not serve " + ask.model() + " here");
  }

  private static Deployment deployment(SiteBundle bundle, Served served) {
    return new Deployment(
        served.id(),
        bundle.site(),
        served.model(),
        null,
        ANY_CAPACITY,
        Price.FREE,
        ANY_SPEED,
        ANY_CONTEXT);
  }

  private static Tenant tenant(Guest guest) {
    return new Tenant(
        guest.pseudonym(),
        guest.classes(),
        Priority.NORMAL,
        List.of(),
        guest.rivals(),
        guest.models(),
        TenantLimits.NONE);
  }
}
