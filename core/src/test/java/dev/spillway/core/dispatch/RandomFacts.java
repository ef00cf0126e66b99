package dev.spillway.core.dispatch;

import dev.spillway.core.model.Objective;
import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.Usage;
import dev.spillway.core.policy.Ask;
import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.policy.RandomContract;
import dev.spillway.core.retry.AttemptFailure;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Requests, failures and amounts, at random. */
final class RandomFacts {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final Duration DEADLINE = Objective.DEFAULT.deadline();

  private final RandomGenerator random;
  private final RandomContract made;
  private final long firstSecond;

  RandomFacts(RandomGenerator random, RandomContract made) {
    this.random = random;
    this.made = made;
    this.firstSecond = made.second();
  }

  Journey journey(long nowNanos) {
    Ask ask = made.ask();
    // On the full second, so that all requests agree on when the next one begins.
    long seconds = nowNanos / NANOS_PER_SECOND;
    var shape =
        new RequestShape(
            1 + random.nextLong(5_000), // one that asks for nothing is expected to cost nothing
            random.nextBoolean() ? 0 : random.nextLong(2_000),
            random.nextInt(3),
            any(List.of(RequestShape.Answer.values())));
    return new Journey(
        ask,
        tenant(ask),
        Objective.DEFAULT,
        shape,
        seconds * NANOS_PER_SECOND,
        firstSecond + seconds,
        nowNanos + random.nextLong(DEADLINE.toNanos()));
  }

  DeploymentSet someDeployments() {
    BitSet bits = new BitSet();
    for (int i = 0; i < made.topology().deployments().size(); i++) {
      bits.set(i, random.nextInt(3) > 0);
    }
    return DeploymentSet.of(bits);
  }

  AttemptFailure failure() {
    @Nullable Duration retryAfter =
        random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(30_000)) : null;
    return new AttemptFailure(any(List.of(AttemptFailure.Kind.values())), "at random", retryAfter);
  }

  Usage usage(Journey journey) {
    long input = journey.shape().inputTokens();
    return new Usage(
        input, random.nextLong(input + 1), random.nextLong(2_000), Usage.Source.PROVIDER);
  }

  /** A stranger too has what the gateway would make of it; only the contract does not know it. */
  private Tenant tenant(Ask ask) {
    return made.tenants().stream()
        .filter(tenant -> tenant.id().equals(ask.tenant()))
        .findFirst()
        .orElseGet(() ->
            new Tenant(
                ask.tenant(),
                List.of(ask.workload()),
                Priority.NORMAL,
                List.of(),
                List.of(),
                List.of(),
                TenantLimits.NONE));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
