package dev.spillway.simulator.event;

import dev.spillway.core.dispatch.Dispatcher;
import dev.spillway.core.dispatch.Journey;
import dev.spillway.core.dispatch.LiveDispatcher;
import dev.spillway.core.dispatch.RequestShape;
import dev.spillway.core.dispatch.Tuning;
import dev.spillway.core.model.Capacity;
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
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.Compilation;
import dev.spillway.core.policy.Contract;
import dev.spillway.core.policy.PolicyCompiler;
import dev.spillway.core.retry.AttemptFailure;
import dev.spillway.simulator.engine.EngineCatalog;
import dev.spillway.simulator.trace.TraceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;

/** Home with a bucket, a partner beside it, and what a load gave on them. */
final class Story {
  private static final long EPOCH_SECOND = 1_700_158_546L;
  private static final int HOME = 0;

  private final Topology topology;
  private final Tenant tenant;
  private final Dispatcher dispatcher;
  final List<Ending> endings = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  int refusedByHome;

  Story(int homeUnits, int partnerReplicas) {
    PlatformId platform = new PlatformId("azure-ai");
    Site azure =
        new Site(
            new SiteId("azure-eastus2"),
            new ProviderId("microsoft"),
            Site.Role.HOME,
            new Geography("us"),
            null,
            Duration.ofMillis(2));
    Site oci =
        new Site(
            new SiteId("oci-chicago"),
            new ProviderId("oracle"),
            Site.Role.PARTNER,
            new Geography("us"),
            platform,
            Duration.ofMillis(20));
    List<Deployment> deployments = new ArrayList<>();
    deployments.add(
        deployment("chat-home", azure, new Capacity.Provisioned(homeUnits, 2_500, 4), Price.FREE));
    if (partnerReplicas > 0) {
      deployments.add(
          deployment(
              "chat-oci",
              oci,
              new Capacity.SelfHosted(partnerReplicas, 256, 28_200 * 16),
              new Price(2_500_000_000L, 1_250_000_000L, 10_000_000_000L, 0)));
    }
    topology = new Topology(platform, List.of(azure, oci), deployments);
    tenant =
        new Tenant(
            new TenantId("chatgpt"),
            List.of(WorkloadClass.ONLINE_INFERENCE),
            Priority.NORMAL,
            List.of(),
            List.of(),
            List.of(),
            TenantLimits.NONE);
    var compiled =
        (Compilation.Compiled)
            PolicyCompiler.compile(topology, List.of(tenant), Contract.EMPTY, EPOCH_SECOND);
    dispatcher = new LiveDispatcher(topology, List.of(tenant), compiled.policy(), Tuning.DEFAULT);
  }

  private static Deployment deployment(String id, Site site, Capacity capacity, Price price) {
    return new Deployment(
        new DeploymentId(id),
        site,
        new ModelName("gpt-4o"),
        null,
        capacity,
        price,
        new Speed(20, 12_000, 17, 0.1),
        32_768);
  }

  void play(List<TraceRequest> load, int homeEngines, long seed) {
    play(load, homeEngines, seed, Duration.ZERO, Duration.ZERO);
  }

  void play(
      List<TraceRequest> load, int homeEngines, long seed, Duration outageAt, Duration outage) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    EngineWorld world = new EngineWorld(d -> EngineCatalog.H100X4_70B, 0.2, homeEngines, random);
    Simulation simulation =
        new Simulation(dispatcher, time -> world.on(time, topology), new Recorder());
    if (!outage.isZero()) {
      simulation.outage(HOME, outageAt, outage);
    }
    simulation.run(load, this::journey);
  }

  private Journey journey(TraceRequest request) {
    long at = request.arrivalNanos();
    return new Journey(
        new Ask(tenant.id(), WorkloadClass.ONLINE_INFERENCE, new ModelName("gpt-4o"), List.of()),
        tenant,
        Objective.DEFAULT,
        new RequestShape(
            request.inputTokens(), request.outputTokens(), 0, RequestShape.Answer.STREAMED),
        at,
        EPOCH_SECOND + at / 1_000_000_000L,
        at + Objective.DEFAULT.deadline().toNanos());
  }

  long whole() {
    return endings.stream().filter(Ending.Whole.class::isInstance).count();
  }

  double attainment() {
    return endings.stream().filter(Story::met).count() / (double) endings.size();
  }

  double spilled() {
    return endings.stream()
            .filter(e -> e instanceof Ending.Whole w && w.deployment() != HOME)
            .count()
        / (double) endings.size();
  }

  long ttftMillis(double quantile) {
    long[] sorted =
        endings.stream()
            .filter(Ending.Whole.class::isInstance)
            .mapToLong(e -> ((Ending.Whole) e).ttftNanos() / 1_000_000)
            .sorted()
            .toArray();
    return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1))];
  }

  private static boolean met(Ending ending) {
    return ending instanceof Ending.Whole(_, long ttft, long tpot)
        && ttft <= Objective.DEFAULT.ttft().toNanos()
        && tpot <= Objective.DEFAULT.tpot().toNanos();
  }

  private final class Recorder implements Simulation.Listener {
    @Override
    public void ended(Journey journey, Ending ending) {
      endings.add(ending);
      log.add(journey.arrivedNanos() + " " + ending);
    }

    @Override
    public void attemptFailed(int deployment, AttemptFailure failure) {
      if (deployment == HOME && failure.kind() == AttemptFailure.Kind.RATE_LIMITED) {
        refusedByHome++;
      }
    }
  }
}
