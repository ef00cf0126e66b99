package dev.spillway.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.Objective;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.model.Pauses;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.ReasoningEffort;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.Usage;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.quota.Demand;
import dev.spillway.core.quota.ProvisionedBucket;
import dev.spillway.core.quota.Quota;
import dev.spillway.core.quota.StatedCapacity;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to a deployment, its outlook says what its parts say. */
class OutlookTest {
  private static final long SECOND = 1_000_000_000;
  private static final int EVENTS = 4_000;
  private static final ModelName MODEL = new ModelName("gpt-4o");
  private static final OperationName EMBEDDINGS = new OperationName("embeddings");

  private RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(0);
  private final List<Reservation> underWay = new ArrayList<>();
  private long now = -3 * SECOND;

  static Stream<Capacity> kinds() {
    return Stream.of(
        new Capacity.Provisioned(10, 2_500, 4),
        new Capacity.SelfHosted(2, 8, 40_000),
        new Capacity.OnDemand(8));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isNeverBehindWhatHappens(Capacity capacity) {
    for (long seed = 1; seed <= 5; seed++) {
      random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      LiveDeployment deployment = deployment(capacity);
      underWay.clear();
      for (int i = 0; i < EVENTS; i++) {
        now += random.nextLong(SECOND / 20);

        happens(deployment, i);

        assertThat(deployment.outlook())
            .as("seed %d, event %d", seed, i)
            .isEqualTo(Outlook.of(deployment.parts()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void letsInOnlyWhomThePartsLetIn(Capacity capacity) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(6);
    LiveDeployment deployment = deployment(capacity);
    int letIn = 0;
    int keptOut = 0;
    for (int i = 0; i < EVENTS; i++) {
      now += random.nextLong(SECOND / 20);
      happens(deployment, i);
      Demand demand = new Demand(random.nextLong(9_000), random.nextLong(900));

      if (deployment.outlook().takes(demand.tokens(), now)) {
        letIn++;
        assertThat(deployment.parts().headroom.fits(demand, now)).as("event %d", i).isTrue();
        assertThat(deployment.breaker().isWell()).isTrue();
        assertThat(deployment.parts().closedForNanos(demand, now)).isLessThanOrEqualTo(0);
        assertThat(deployment.refusedOperations()).isEmpty();
      } else {
        keptOut++;
      }
    }
    assertThat(letIn).isPositive();
    assertThat(keptOut).isPositive();
  }

  private void happens(LiveDeployment deployment, int number) {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> sent(deployment, number);
      case 4, 5 -> {
        if (!underWay.isEmpty()) {
          Reservation taken = underWay.get(random.nextInt(underWay.size()));
          if (random.nextInt(4) == 0) {
            taken.stated(new StatedCapacity(quota(9), quota(9_000), random.nextDouble(2)), now);
          }
          taken.firstContent(now);
        }
      }
      case 6, 7, 8 -> {
        if (!underWay.isEmpty()) {
          ends(underWay.remove(random.nextInt(underWay.size())));
        }
      }
      default -> somethingElse(deployment);
    }
  }

  private Quota quota(long most) {
    Quota.Refill[] refills = Quota.Refill.values();
    return new Quota(
        random.nextLong(most),
        random.nextBoolean() ? most : 0,
        1 + random.nextLong(3 * SECOND),
        refills[random.nextInt(refills.length)]);
  }

  private void sent(LiveDeployment deployment, int number) {
    Reservation made = deployment.tryReserve(request(number), 100, now);
    if (made != null) {
      underWay.add(made);
    }
  }

  private void ends(Reservation attempt) {
    Usage usage = new Usage(attempt.request().demand().inputTokens(), 0, 50, Usage.Source.PROVIDER);
    switch (random.nextInt(8)) {
      case 0 -> attempt.abandoned(usage, now);
      case 1 -> attempt.lost(usage, now);
      case 2 -> {
        var kinds = AttemptFailure.Kind.values();
        AttemptFailure.Kind kind = kinds[random.nextInt(kinds.length)];
        Duration asked = random.nextBoolean() ? Duration.ofMillis(random.nextLong(900)) : null;
        attempt.failed(new AttemptFailure(kind, "asked, and failed", asked), usage, 0, now);
      }
      default -> attempt.finished(usage, new Pauses(1_000_000, 0), now);
    }
  }

  private void somethingElse(LiveDeployment deployment) {
    switch (random.nextInt(5)) {
      case 0 -> {
        double kvUse = random.nextDouble();
        deployment.report(
            new EngineReport(random.nextInt(20), random.nextInt(9), kvUse, 1 + random.nextInt(3)),
            now);
      }
      case 1 -> deployment.reconsider();
      case 3 -> deployment.takes(random.nextInt(3) * 8_192);
      case 2 -> deployment.presence(random.nextBoolean() ? Presence.PRESENT : Presence.ABSENT, now);
      default -> {
        if (!(deployment.parts().headroom instanceof ProvisionedBucket)) {
          deployment.passedOver(Rule.BUCKET_FULL); // of a bucket, the outlook may err until later
        }
      }
    }
  }

  private RoutingRequest request(int number) {
    return new RoutingRequest(
        number,
        new Ask(new TenantId("chatgpt"), WorkloadClass.ONLINE_INFERENCE, MODEL, List.of()),
        Objective.DEFAULT,
        new Demand(random.nextLong(5_000), random.nextLong(500)),
        random.nextLong(3),
        random.nextBoolean(),
        ReasoningEffort.UNSAID,
        random.nextBoolean() ? OperationName.CHAT : EMBEDDINGS);
  }

  private static LiveDeployment deployment(Capacity capacity) {
    Site site =
        new Site(
            new SiteId("azure-eastus2"),
            new ProviderId("microsoft"),
            Site.Role.HOME,
            new Geography("us"),
            new PlatformId("azure-ai"),
            Duration.ofMillis(2));
    Speed speed = new Speed(20, 10_000, 10, 0.1);
    return new LiveDeployment(
        new Deployment(
            new DeploymentId("chat"), site, MODEL, null, capacity, Price.FREE, speed, 100_000),
        DeploymentTuning.DEFAULT);
  }
}
