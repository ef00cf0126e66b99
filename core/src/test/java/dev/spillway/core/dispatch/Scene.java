package dev.spillway.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.admission.Admission;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Topology;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Clause;
import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.CompiledPolicy;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.core.routing.Rule;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A home and a partner, a tenant, and the dispatcher between them, for tests to vary. */
final class Scene {
  static final int HOME = 0;
  static final int PARTNER = 1;
  static final long SECOND = 1_000_000_000;
  static final long MILLI = 1_000_000;
  static final long EPOCH_SECOND = 1_780_000_000;
  static final ModelName MODEL = new ModelName("gpt-4o");
  static final Speed SPEED = new Speed(20, 10_000, 10, 0.1);
  static final Price PRICE = new Price(2_500_000_000L, 1_250_000_000L, 10_000_000_000L, 0);
  static final Objective OBJECTIVE =
      new Objective(Duration.ofSeconds(1), Duration.ofMillis(60), 0.995, Duration.ofMinutes(10));

  static final Site HOME_SITE = site("azure-eastus2", "microsoft", Site.Role.HOME, 2);
  static final Site PARTNER_SITE = site("oci-chicago", "oracle", Site.Role.PARTNER, 20);

  private Scene() {}

  static Deployment home(Capacity capacity) {
    return deployment("chat-home", HOME_SITE, capacity, Price.FREE);
  }

  static Deployment partner(Capacity capacity) {
    return deployment("chat-oci", PARTNER_SITE, capacity, PRICE);
  }

  static Deployment deployment(String id, Site site, Capacity capacity, Price price) {
    return new Deployment(new DeploymentId(id), site, MODEL, null, capacity, price, SPEED, 100_000);
  }

  static Capacity engines(int replicas, int sequences) {
    return new Capacity.SelfHosted(replicas, sequences, 400_000);
  }

  static Topology topology(Deployment... deployments) {
    return new Topology(
        new PlatformId("azure-ai"), List.of(HOME_SITE, PARTNER_SITE), List.of(deployments));
  }

  static Tenant tenant(String id, Priority priority, TenantLimits limits) {
    return new Tenant(
        new TenantId(id),
        List.of(WorkloadClass.ONLINE_INFERENCE),
        priority,
        List.of(),
        List.of(),
        List.of(),
        limits);
  }

  static Tenant chatgpt() {
    return tenant("chatgpt", Priority.NORMAL, TenantLimits.NONE);
  }

  static LiveDispatcher dispatcher(Topology topology, Clause... clauses) {
    return dispatcher(topology, List.of(chatgpt()), clauses);
  }

  static LiveDispatcher dispatcher(Topology topology, List<Tenant> tenants, Clause... clauses) {
    return new LiveDispatcher(
        topology, tenants, policy(topology, tenants, clauses), Tuning.DEFAULT);
  }

  static CompiledPolicy policy(Topology topology, List<Tenant> tenants, Clause... clauses) {
    Contract contract = new Contract(List.of(clauses));
    return switch (PolicyCompiler.compile(topology, tenants, contract, EPOCH_SECOND)) {
      case Compilation.Compiled(var policy) -> policy;
      case Compilation.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  static Clause.Heading heading(String id) {
    return new Clause.Heading(new ClauseId(id), null, null, "agreed");
  }

  static Journey journey(Tenant tenant, long inputTokens, long nowNanos) {
    return journey(tenant, inputTokens, nowNanos, OBJECTIVE);
  }

  static Journey journey(Tenant tenant, long inputTokens, long nowNanos, Objective objective) {
    var shape = new RequestShape(inputTokens, 200, 0, RequestShape.Answer.STREAMED);
    return journey(tenant, shape, nowNanos, objective);
  }

  static Journey journey(Tenant tenant, RequestShape shape, long nowNanos, Objective objective) {
    return new Journey(
        new Ask(tenant.id(), tenant.classes().getFirst(), MODEL, List.of()),
        tenant,
        objective,
        shape,
        nowNanos,
        EPOCH_SECOND + nowNanos / SECOND,
        nowNanos + objective.deadline().toNanos());
  }

  /** Of the only tenant there is, and let in. */
  static Journey admitted(LiveDispatcher at, long inputTokens, long nowNanos) {
    Journey journey = journey(chatgpt(), inputTokens, nowNanos);
    assertThat(at.admit(journey, nowNanos)).isEqualTo(Admission.Admitted.ADMITTED);
    return journey;
  }

  /** What becomes of such a one first. */
  static NextStep start(LiveDispatcher at, long inputTokens, long nowNanos) {
    return at.next(admitted(at, inputTokens, nowNanos), nowNanos);
  }

  /** A home with so many engines, and a partner with four. */
  static Topology twoSites(int homeReplicas) {
    return topology(home(engines(homeReplicas, 64)), partner(engines(4, 64)));
  }

  static NextStep.Attempt attempt(NextStep step) {
    assertThat(step).isInstanceOf(NextStep.Attempt.class);
    return (NextStep.Attempt) step;
  }

  static Rule ruleFor(NextStep step, int place) {
    return ((Decision.Unavailable) step.decision().verdicts().get(place)).rule();
  }

  static DeploymentSet set(int... deployments) {
    BitSet bits = new BitSet();
    for (int each : deployments) {
      bits.set(each);
    }
    return DeploymentSet.of(bits);
  }

  static AttemptFailure failure(AttemptFailure.Kind kind, @Nullable Duration retryAfter) {
    return new AttemptFailure(kind, "asked chat-home, got " + kind, retryAfter);
  }

  static Usage usage(long input, long output) {
    return new Usage(input, 0, output, Usage.Source.PROVIDER);
  }

  private static Site site(String id, String provider, Site.Role role, long roundTripMillis) {
    return new Site(
        new SiteId(id),
        new ProviderId(provider),
        role,
        new Geography("us"),
        new PlatformId("azure-ai"),
        Duration.ofMillis(roundTripMillis));
  }
}
