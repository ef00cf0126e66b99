package dev.spillway.bench;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.pricing.SpendMeters;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.routing.Choice;
import dev.spillway.core.routing.DeploymentTuning;
import dev.spillway.core.routing.LiveDeployment;
import dev.spillway.core.routing.Moment;
import dev.spillway.core.routing.Pool;
import dev.spillway.core.routing.Reservation;
import dev.spillway.core.routing.Router;
import dev.spillway.core.routing.RouterTuning;
import dev.spillway.core.routing.RoutingRequest;
import dev.spillway.core.routing.Scan;
import dev.spillway.core.routing.Tried;
import java.util.List;
import java.util.stream.IntStream;

/** The deployments of {@link BusyPlatform} by themselves, each with attempts under way. */
final class BusyPool {
  private static final int UNDER_WAY = 4;
  private static final int DECISIONS_A_MOMENT = 100;
  private static final Demand DEMAND = new Demand(800, 200);

  private final BusyPlatform platform;
  private final Router router;
  private final List<LiveDeployment> deployments;
  private final Pool pool;
  private final RoutingRequest request;
  private Moment moment;
  private int decided;

  BusyPool(BusyPlatform platform) {
    this.platform = platform;
    SpendMeters meters = new SpendMeters(platform.policy.meters());
    router = new Router(platform.policy, meters, RouterTuning.DEFAULT);
    deployments =
        platform.topology.deployments().stream()
            .map(each -> new LiveDeployment(each, DeploymentTuning.DEFAULT))
            .toList();
    int[] all = IntStream.range(0, deployments.size()).toArray();
    pool = new Pool(platform.ask().model(), all, deployments, null);
    request =
        new RoutingRequest(
            1,
            platform.ask(),
            Objective.DEFAULT,
            DEMAND,
            0,
            true,
            ReasoningEffort.UNSAID,
            OperationName.CHAT);
    deployments.forEach(this::load);
    moment = moment(platform.tick());
  }

  /** Policy and routing: one decision, and nobody will ask for its reasons. */
  int route() {
    if (++decided % DECISIONS_A_MOMENT == 0) {
      timePasses();
    }
    Scan scan = router.scan(pool, request, Tried.NOWHERE, moment);
    Choice choice = router.pick(scan, request, 0);
    scan.forget();
    return choice.place();
  }

  /** The moment is the caller's, so what it costs is not counted here. */
  private void timePasses() {
    moment = moment(platform.tick());
    if (moment.nowNanos() % BusyPlatform.SECOND == 0) {
      deployments.forEach(each -> report(each, moment.nowNanos()));
    }
  }

  private static Moment moment(long nowNanos) {
    return new Moment(nowNanos, BusyPlatform.epochSecond(nowNanos), 0);
  }

  private void load(LiveDeployment deployment) {
    for (int i = 0; i < UNDER_WAY; i++) {
      long now = platform.tick();
      Reservation made = deployment.tryReserve(request, 100, now);
      if (made != null && i % 2 == 0) {
        made.firstContent(now + 90 * BusyPlatform.MILLI);
      }
    }
    report(deployment, platform.tick());
  }

  private static void report(LiveDeployment live, long nowNanos) {
    Deployment deployment = live.deployment();
    if (deployment.capacity() instanceof Capacity.SelfHosted hosted) {
      live.report(new EngineReport(UNDER_WAY, 0, 0.2, hosted.replicas()), nowNanos);
    }
  }
}
