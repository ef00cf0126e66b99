package dev.spillway.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplicaSetTest {
  private static final EngineProfile PROFILE = EngineCatalog.RTXPRO6000_LLAMA31_8B;

  @Test
  void givesWorkToTheReplicaWithTheLeastPending() {
    ReplicaSet replicas = ReplicaSet.asProfiled(PROFILE, 3);
    for (int i = 0; i < 7; i++) {
      replicas.submit(new Sequence(100, 0, 10, (_, _) -> {}), 0);
    }

    assertThat(replicas.replicas())
        .extracting(r -> r.running() + r.waiting())
        .containsExactlyInAnyOrder(3, 2, 2);
  }

  @Test
  void advancesEveryReplicaInTheOrderOfTime() {
    ReplicaSet replicas = ReplicaSet.perturbed(PROFILE, 4, 0.2, new SplittableRandom(1));
    var seen =
        new TokenSink() {
          private long last;
          private int tokens;

          @Override
          public void token(Sequence sequence, long nowNanos) {
            assertThat(nowNanos).isGreaterThanOrEqualTo(last);
            last = nowNanos;
            tokens++;
          }
        };
    for (int i = 0; i < 8; i++) {
      replicas.submit(new Sequence(100, 0, 50, seen), 0);
    }

    replicas.advanceTo(Long.MAX_VALUE - 1);

    assertThat(seen.tokens).isEqualTo(400);
    assertThat(replicas.nextIterationEndsAt()).isEqualTo(Replica.IDLE);
  }

  @Test
  void perturbationIsFixedBySeed() {
    assertThat(firstTokenWithSeed(7)).isEqualTo(firstTokenWithSeed(7));
    assertThat(firstTokenWithSeed(7)).isNotEqualTo(firstTokenWithSeed(8));
  }

  private static long firstTokenWithSeed(long seed) {
    ReplicaSet replicas = ReplicaSet.perturbed(PROFILE, 1, 0.2, new SplittableRandom(seed));
    replicas.submit(new Sequence(100, 0, 1, (_, _) -> {}), 0);
    return replicas.nextIterationEndsAt();
  }
}
