package dev.spillway.bench;

import dev.spillway.core.dispatch.Decision;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.dispatch.NextStep;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.NanoUsd;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Pauses;
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
import dev.spillway.core.policy.Period;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.core.provider.EngineReport;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A platform of many deployments of one model, of every capacity kind, at ten sites of five
 * providers, under a contract of eight clauses with dates, two of them caps; half loaded.
 */
final class BusyPlatform {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;
  private static final long EPOCH_SECOND = 1_780_000_000;
  private static final int SITES = 10;
  private static final int PROVIDERS = 5;
  private static final int HALF_LOAD = 4;
  private static final ModelName MODEL = new ModelName("gpt-4o");
  private static final WorkloadClass ONLINE = WorkloadClass.ONLINE_INFERENCE;

  final Topology topology;
  final CompiledPolicy policy;
  private final Tenant tenant;
  final LiveDispatcher dispatcher;
  private long now = 1_000 * MILLI;

  BusyPlatform(int deployments) {
    List<Tenant> tenants = List.of(tenant("chatgpt"), tenant("bing"), tenant("copilot"));
    tenant = tenants.getFirst();
    topology = topology(deployments);
    policy = policy(topology, tenants);
    dispatcher = new LiveDispatcher(topology, tenants, policy, Tuning.DEFAULT);
    load();
  }

  /** Ten microseconds later; once a second engines say how they are, as those of a hub do. */
  long tick() {
    now += MILLI / 100;
    if (now % SECOND == 0) {
      report();
    }
    return now;
  }

  Ask ask() {
    return new Ask(tenant.id(), ONLINE, MODEL, List.of());
  }

  static long epochSecond(long nowNanos) {
    return EPOCH_SECOND + nowNanos / SECOND;
  }

  /** A request at the door, let in. */
  Journey journey(long nowNanos) {
    Journey journey =
        new Journey(
            ask(),
            tenant,
            Objective.DEFAULT,
            new RequestShape(800, 300, 0, RequestShape.Answer.STREAMED),
            nowNanos,
            epochSecond(nowNanos),
            nowNanos + Objective.DEFAULT.deadline().toNanos());
    var _ = dispatcher.admit(journey, nowNanos);
    return journey;
  }

  /** It is over, and nobody will ask why it went where it did. */
  void over(Journey journey, long nowNanos) {
    dispatcher.left(journey, nowNanos);
    List<Decision> decisions = journey.decisions();
    for (int i = 0; i < decisions.size(); i++) {
      decisions.get(i).forget();
    }
  }

  /** Attempts under way everywhere, first tokens and whole answers behind them. */
  private void load() {
    for (int i = 0; i < HALF_LOAD * topology.deployments().size(); i++) {
      long at = tick();
      Journey journey = journey(at);
      if (dispatcher.next(journey, at) instanceof NextStep.Attempt made) {
        dispatcher.firstContent(journey, made.number(), at + 90 * MILLI);
        if (i % 2 == 0) {
          Usage usage = new Usage(800, 0, 200, Usage.Source.PROVIDER);
          Pauses pauses = new Pauses(20 * MILLI, 0);
          dispatcher.finished(journey, made.number(), usage, pauses, at + 4_000 * MILLI);
        }
      }
    }
    report();
  }

  private void report() {
    for (int i = 0; i < topology.deployments().size(); i++) {
      if (topology.deployments().get(i).capacity() instanceof Capacity.SelfHosted hosted) {
        dispatcher.report(i, new EngineReport(4, 0, 0.2, hosted.replicas()), now);
      }
    }
  }

  private static Topology topology(int size) {
    List<Site> sites = new ArrayList<>();
    for (int i = 0; i < SITES; i++) {
      sites.add(
          new Site(
              new SiteId("site-" + i),
              new ProviderId("provider-" + i % PROVIDERS),
              i % PROVIDERS == 0 ? Site.Role.HOME : Site.Role.PARTNER,
              new Geography(i % 3 == 2 ? "eu" : "us"),
              new PlatformId("azure-ai"),
              Duration.ofMillis(2 + 4L * i)));
    }
    List<Deployment> deployments = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      deployments.add(deployment(i, sites.get(i % SITES)));
    }
    return new Topology(new PlatformId("azure-ai"), sites, deployments);
  }

  private static Deployment deployment(int i, Site site) {
    Capacity capacity =
        switch (i % 3) {
          case 0 -> new Capacity.Provisioned(100, 2_500, 4);
          case 1 -> new Capacity.SelfHosted(4, 64, 400_000);
          default -> new Capacity.OnDemand(64);
        };
    long dearer = 1_000_000L * (i % 7);
    return new Deployment(
        new DeploymentId("deployment-" + i),
        site,
        MODEL,
        null,
        capacity,
        new Price(2_500_000_000L + dearer, 1_250_000_000L, 10_000_000_000L + dearer, 0),
        new Speed(20 + i % 5, 10_000 + 100 * (i % 11), 10, 0.1),
        128_000);
  }

  private static CompiledPolicy policy(Topology topology, List<Tenant> tenants) {
    Contract contract =
        new Contract(
            List.of(
                new Clause.OfferHomeFirst(
                    heading("home-first", null, LocalDate.of(2026, 3, 1)), List.of(ONLINE)),
                new Clause.Residency(
                    heading("us-only", LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 1)),
                    List.of(new TenantId("chatgpt")),
                    List.of(new Geography("us"))),
                new Clause.WorkloadPlacement(
                    heading("pretraining-at-home", null, null),
                    WorkloadClass.PRETRAINING,
                    List.of(new SiteId("site-0"))),
                cap("cap-1", 1, Period.MONTH, LocalDate.of(2026, 1, 1)),
                cap("cap-2", 2, Period.DAY, null),
                new Clause.OfferHomeFirst(
                    heading("batch-home-first", null, null),
                    List.of(WorkloadClass.BATCH_INFERENCE)),
                new Clause.Residency(
                    heading("eu-later", LocalDate.of(2027, 6, 1), null),
                    List.of(new TenantId("bing")),
                    List.of(new Geography("eu"))),
                new Clause.WorkloadPlacement(
                    heading("tuning-at-home", LocalDate.of(2025, 1, 1), null),
                    WorkloadClass.FINE_TUNING,
                    List.of(new SiteId("site-0"), new SiteId("site-5")))));
    return switch (PolicyCompiler.compile(topology, tenants, contract, EPOCH_SECOND)) {
      case Compilation.Compiled(var policy) -> policy;
      case Compilation.Refused(var problems) ->
          throw new IllegalStateException("does not compile: " + problems);
    };
  }

  private static Clause cap(String id, int provider, Period per, @Nullable LocalDate from) {
    return new Clause.Cap(
        heading(id, from, null),
        new ProviderId("provider-" + provider),
        new NanoUsd(1_000_000_000_000_000L),
        0.6,
        per);
  }

  private static Clause.Heading heading(
      String id, @Nullable LocalDate from, @Nullable LocalDate until) {
    return new Clause.Heading(new ClauseId(id), from, until, "agreed");
  }

  private static Tenant tenant(String id) {
    return new Tenant(
        new TenantId(id),
        List.of(ONLINE, WorkloadClass.BATCH_INFERENCE),
        Priority.NORMAL,
        List.of(),
        List.of(),
        List.of(),
        TenantLimits.NONE);
  }
}
