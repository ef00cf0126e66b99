package dev.spillway.app.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import dev.spillway.control.status.ConfigStatus;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.control.status.Readiness;
import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.OperationName;
import dev.spillway.core.routing.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotationWatchTest {
  private static final Logger LOG = Logger.getLogger(RotationWatch.class.getName());

  private final LogLines lines = new LogLines();
  private Refusing hub = new Refusing(List.of());

  @BeforeEach
  void listen() throws Exception {
    hub = new Refusing(Configs.assemble(Configs.story()).topology().deployments());
    LOG.addHandler(lines);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(lines);
    LOG.setUseParentHandlers(true);
  }

  @Test
  void warnsOnceThatADeploymentIsOutAndSaysOnceThatItIsBack() throws InterruptedException {
    try (RotationWatch _ = new RotationWatch(hub, Duration.ofMillis(1))) {
      hub.looks.acquire(3);
      hub.refusing = List.of(OperationName.CHAT);
      LogRecord out = lines.next();
      hub.looks.drainPermits();
      hub.looks.acquire(3);
      hub.refusing = List.of();
      LogRecord back = lines.next();

      assertThat(out.getLevel()).isEqualTo(Level.WARNING);
      assertThat(LogLines.text(out))
          .startsWith(
              "deployment chat-home at azure-eastus2 refuses our credential for chat-completions");
      assertThat(back.getLevel()).isEqualTo(Level.INFO);
      assertThat(LogLines.text(back))
          .isEqualTo(
              "deployment chat-home at azure-eastus2 is in rotation again for chat-completions");
      assertThat(lines.areOver()).isTrue();
    }
  }

  @Test
  void namesAnotherOperationThatIsRefusedAsWell() throws InterruptedException {
    try (RotationWatch _ = new RotationWatch(hub, Duration.ofMillis(1))) {
      hub.refusing = List.of(OperationName.CHAT);
      lines.next();

      hub.refusing = List.of(OperationName.CHAT, new OperationName("embeddings"));

      assertThat(LogLines.text(lines.next())).contains("refuses our credential for embeddings");
      assertThat(lines.areOver()).isTrue();
    }
  }

  /** A hub whose first deployment refuses our configuration, or not. */
  private static final class Refusing implements HubStatus {
    final Semaphore looks = new Semaphore(0);
    private final List<Deployment> deployments;
    volatile List<OperationName> refusing = List.of();

    Refusing(List<Deployment> deployments) {
      this.deployments = deployments;
    }

    @Override
    public List<DeploymentView> deployments() {
      List<OperationName> refuses = refusing;
      looks.release();
      return deployments.stream()
          .map(each -> view(each, each.equals(deployments.getFirst()) ? refuses : List.of()))
          .toList();
    }

    private static DeploymentView view(Deployment deployment, List<OperationName> refused) {
      return new DeploymentView(
          deployment,
          new DeploymentStatus(
              deployment.id(),
              0,
              0,
              0,
              BreakerState.CLOSED,
              AdmissionState.NEW_AND_EXISTING,
              0,
              1_000,
              1,
              refused,
              Presence.PRESENT,
              131_072),
          null);
    }

    @Override
    public Readiness readiness() {
      return Readiness.READY;
    }

    @Override
    public ConfigStatus config() {
      return new ConfigStatus("0", Instant.EPOCH, null);
    }
  }
}
