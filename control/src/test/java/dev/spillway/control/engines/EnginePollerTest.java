package dev.spillway.control.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.provider.EngineReport;
import dev.spillway.core.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EnginePollerTest {
  private static final DeploymentId CHAT = new DeploymentId("chat-home");
  private static final EngineReport IDLE = new EngineReport(0, 0, 0, 1);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int SILENT = 5;
  private static final int SPEAKING = 20;

  private final List<Long> pauses = new ArrayList<>();
  private final CountDownLatch looks = new CountDownLatch(SILENT + SPEAKING);
  private long lastLook = System.nanoTime();

  @Test
  void looksLessAndLessOftenAtEnginesThatTellNothingUntilTheyDo() throws InterruptedException {
    try (EnginePoller _ = EnginePoller.start(Map.of(CHAT, this::look), PAUSE, (_, _) -> {})) {
      looks.await();
    }

    // How long a pause lasts at least is known; at most, on a busy machine, of some of many only.
    for (int look = 1; look <= SILENT; look++) {
      assertThat(pauses.get(look)).as("%d", look).isGreaterThanOrEqualTo(PAUSE.toNanos() << look);
    }
    assertThat(pauses.subList(SILENT + 1, SILENT + SPEAKING))
        .anySatisfy(pause -> assertThat(pause).isLessThan(PAUSE.toNanos() << SILENT));
  }

  @Test
  void noticesSoonWhenTheySpeakAgain() {
    assertThat(EnginePoller.afterSilence(Duration.ofSeconds(4))).hasSeconds(8);
    assertThat(EnginePoller.afterSilence(Duration.ofSeconds(8))).hasSeconds(10);
    assertThat(EnginePoller.afterSilence(Duration.ofSeconds(10))).hasSeconds(10);
    assertThat(EnginePoller.afterSilence(Duration.ofMinutes(1))).hasMinutes(1);
  }

  /** Tells nothing at first; on the poller's thread only, until the latch is down. */
  private EngineReport look() throws ProviderException {
    long now = System.nanoTime();
    if (looks.getCount() > 0) {
      pauses.add(now - lastLook);
    }
    lastLook = now;
    looks.countDown();
    if (pauses.size() <= SILENT) {
      throw new ProviderException("GET /metrics: 404");
    }
    return IDLE;
  }
}
