package dev.spillway.app.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EventLoopThreadsTest {
  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  void askForLessAtATimeThanOthers() throws Exception {
    Thread loop = started("event-loop-7-1");
    Thread other = started("other-loop-7-1");
    try {
      Duration ordinary = slice("other-loop-7-1");
      assumeThat(ordinary).as("Linux tells of slices since 6.12").isPositive();

      EventLoopThreads.areLetInFirst();

      assertThat(slice("event-loop-7-1")).isEqualTo(TimeSlice.SHORTEST).isLessThan(ordinary);
      assertThat(slice("other-loop-7-1")).isEqualTo(ordinary);
    } finally {
      end.countDown();
      loop.join();
      other.join();
    }
  }

  private Thread started(String name) throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .start(() -> {
              runs.countDown();
              awaitEnd();
            });
    runs.await();
    return thread;
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration slice(String name) throws Exception {
    List<Integer> threads = KernelThreads.named(name::equals);
    assertThat(threads).hasSize(1);
    return TimeSlice.get(threads.getFirst());
  }
}
