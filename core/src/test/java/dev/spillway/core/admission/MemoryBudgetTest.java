package dev.spillway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.TenantId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final TenantId ONE = new TenantId("team-a");
  private static final TenantId OTHER = new TenantId("team-b");

  private final MemoryBudget budget = new MemoryBudget(1_000);

  @Test
  void givesOneTenantSevenEighthsAndTheNextOfWhatIsLeft() {
    long ofOne = IntStream.range(0, 1_000).filter(_ -> budget.of(ONE).tryTake(1, 0)).count();
    long ofOther = IntStream.range(0, 1_000).filter(_ -> budget.of(OTHER).tryTake(1, 0)).count();

    assertThat(ofOne).isBetween(870L, 880L);
    assertThat(ofOther).isBetween(100L, 115L);
    assertThat(budget.takenBytes()).isEqualTo(ofOne + ofOther);
  }

  @Test
  void givesOneRequestAllThatIsThere() {
    MemoryBudget.Part part = budget.of(ONE);

    assertThat(part.tryTake(900, 0)).isTrue();
    assertThat(part.tryTake(100, 900)).isTrue();
    assertThat(part.tryTake(1, 1_000)).isFalse();
    assertThat(budget.leftBytes()).isZero();
  }

  @Test
  void takesAllOrNothingAndTakesItBack() {
    MemoryBudget.Part part = budget.of(ONE);

    assertThat(part.tryTake(1_001, 0)).isFalse();
    assertThat(budget.takenBytes()).isZero();

    assertThat(part.tryTake(1_000, 0)).isTrue();
    part.giveBack(1_000);
    assertThat(budget.leftBytes()).isEqualTo(1_000);
  }

  @Test
  void refusesToBeLessThanNothing() {
    assertThatThrownBy(() -> new MemoryBudget(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes: -1 (expected: >= 0)");
  }

  @Test
  void losesNothingBetweenThreads() throws Exception {
    Callable<Boolean> requests =
        () -> {
          for (int i = 0; i < 20_000; i++) {
            MemoryBudget.Part part = budget.of(i % 2 == 0 ? ONE : OTHER);
            if (part.tryTake(300, 0)) {
              part.giveBack(300);
            }
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (Future<Boolean> each : threads.invokeAll(List.of(requests, requests, requests))) {
        assertThat(each.get()).isTrue();
      }
    }

    assertThat(budget.takenBytes()).isZero();
  }
}
