package dev.spillway.wire.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.TenantId;
import dev.spillway.wire.resume.ContinuationMemory.Share;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinuationMemoryTest {
  private static final TenantId TENANT = new TenantId("team-a");
  private static final int BLOCK = 1 << 10;

  /** For tests that are about something else. */
  static Share roomy() {
    return new ContinuationMemory(64 << 20).share(TENANT);
  }

  @Test
  void takesBackWhatARequestHadWhenItIsOver() {
    ContinuationMemory memory = new ContinuationMemory(1 << 20);
    Share share = memory.share(TENANT);
    share.takes(2 * BLOCK);
    share.takes(BLOCK);
    share.giveBack(BLOCK);
    long before = memory.takenBytes();

    share.close();
    share.close();

    assertThat(before).isEqualTo(2 * BLOCK);
    assertThat(memory.takenBytes()).isZero();
  }

  @Test
  void givesNothingToARequestThatIsOver() {
    ContinuationMemory memory = new ContinuationMemory(1 << 20);
    Share share = memory.share(TENANT);
    share.close();

    assertThat(share.takes(BLOCK)).isFalse();
    share.giveBack(BLOCK);

    assertThat(memory.takenBytes()).isZero();
  }

  @Test
  void keepsShortAnswersBesideAnyNumberOfLongOnes() {
    ContinuationMemory memory = new ContinuationMemory(64 << 20);

    long longOnes = IntStream.range(0, 4_000).filter(_ -> isKept(memory, TENANT, 128)).count();
    long shortOnes = IntStream.range(0, 1_000).filter(_ -> isKept(memory, TENANT, 8)).count();

    assertThat(longOnes).isBetween(200L, 500L);
    assertThat(shortOnes).isEqualTo(1_000);
  }

  @Test
  void keepsAnAnswerOfAnotherTenantHoweverManyOneHas() {
    ContinuationMemory memory = new ContinuationMemory(64 << 20);

    long ofOne = IntStream.range(0, 100_000).filter(_ -> isKept(memory, TENANT, 1)).count();
    boolean other = isKept(memory, new TenantId("team-b"), 48);

    assertThat(ofOne * BLOCK).isBetween(54L << 20, 56L << 20);
    assertThat(other).isTrue();
  }

  /** Whether an answer of so many blocks is; it stays under way, and has nothing if it is not. */
  private static boolean isKept(ContinuationMemory memory, TenantId tenant, int blocks) {
    Share share = memory.share(tenant);
    for (int taken = 0; taken < blocks; taken++) {
      if (!share.takes(BLOCK)) {
        share.giveBack(taken * BLOCK);
        return false;
      }
    }
    return true;
  }

  @Test
  void keepsNothingWithoutMemory() {
    ContinuationMemory memory = new ContinuationMemory(0);

    assertThat(memory.share(TENANT).takes(1)).isFalse();
    assertThatThrownBy(() -> new ContinuationMemory(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes: -1 (expected: >= 0)");
  }

  @Test
  void losesNothingBetweenThreads() throws Exception {
    ContinuationMemory memory = new ContinuationMemory(1 << 20);
    Callable<Boolean> requests =
        () -> {
          for (int i = 0; i < 20_000; i++) {
            try (Share share = memory.share(TENANT)) {
              share.takes(BLOCK);
              share.takes(BLOCK);
              share.giveBack(BLOCK);
            }
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (Future<Boolean> each : threads.invokeAll(List.of(requests, requests, requests))) {
        assertThat(each.get()).isTrue();
      }
    }

    assertThat(memory.takenBytes()).isZero();
  }
}
