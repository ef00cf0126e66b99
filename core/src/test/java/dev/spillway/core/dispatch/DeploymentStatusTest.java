package dev.spillway.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.routing.Presence;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentStatusTest {
  @Test
  void hasAQueueThatAllReplicasReadTogether() {
    assertThat(status(50_000, 10_000, 1).queueMicros(10_000)).isEqualTo(4_000_000);
    assertThat(status(50_000, 10_000, 4).queueMicros(10_000)).isEqualTo(1_000_000);
  }

  @Test
  void hasNoQueueOfWhichNobodyKnows() {
    assertThat(status(50_000, 0, 4).queueMicros(0)).isZero();
    assertThat(status(0, 10_000, 4).queueMicros(10_000)).isZero();
  }

  private static DeploymentStatus status(long queued, double tokensPerSecond, int replicas) {
    return new DeploymentStatus(
        new DeploymentId("chat-oci"),
        0,
        queued,
        0,
        BreakerState.CLOSED,
        AdmissionState.NEW_AND_EXISTING,
        0,
        tokensPerSecond,
        replicas,
        List.of(),
        Presence.PRESENT,
        131_072);
  }
}
