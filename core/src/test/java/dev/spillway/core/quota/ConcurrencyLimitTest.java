package dev.spillway.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Capacity;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private static final long SECOND = 1_000_000_000;
  private static final Demand ANY = new Demand(1, 1);

  private final ConcurrencyLimit limit =
      new ConcurrencyLimit(new Capacity.OnDemand(50), ConcurrencyTuning.DEFAULT);

  @Test
  void growsByOneInARoundOfGoodAnswers() {
    for (int i = 0; i < 21; i++) {
      limit.accepted(ANY, 1, 1, 0);
    }

    assertThat(limit.limit()).isEqualTo(21);
  }

  @Test
  void doesNotGrowWhileItIsNotInUse() {
    for (int i = 0; i < 1_000; i++) {
      limit.accepted(ANY, 0.2, 1, 0);
    }

    assertThat(limit.limit()).isEqualTo(20);
  }

  @Test
  void neverPassesWhatIsConfigured() {
    for (int i = 0; i < 10_000; i++) {
      limit.accepted(ANY, 1, 1, 0);
    }

    assertThat(limit.limit()).isEqualTo(50);
  }

  @Test
  void shrinksWhenAnswersBeginLate() {
    for (int i = 0; i < 10; i++) {
      limit.accepted(ANY, 1, 3, 0);
    }

    assertThat(limit.limit()).isEqualTo(16);
  }

  @Test
  void countsRefusalsOfOneMomentOnce() {
    limit.refused(0, 0, 0);
    limit.refused(0, 0, SECOND / 2);
    assertThat(limit.limit()).isEqualTo(14);

    limit.refused(0, 0, 2 * SECOND);
    assertThat(limit.limit()).isEqualTo(9);
  }

  @Test
  void comesBackFromALimitOfOneThatOneAttemptUses() {
    for (int i = 0; i < 20; i++) {
      limit.refused(0, 0, 2L * i * SECOND);
    }
    assertThat(limit.limit()).isEqualTo(1);

    limit.accepted(ANY, 0, 1, 0);
    limit.accepted(ANY, 0.5, 1, 0);

    assertThat(limit.limit()).isEqualTo(2);
  }

  @Test
  void alwaysLeavesRoomForOne() {
    for (int i = 0; i < 100; i++) {
      limit.refused(0, 0, 2L * i * SECOND);
    }

    assertThat(limit.tryTake(ANY, 0)).isTrue();
    assertThat(limit.tryTake(ANY, 0)).isFalse();
  }
}
