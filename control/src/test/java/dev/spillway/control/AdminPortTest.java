package dev.spillway.control;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.control.api.AdminRoutes;
import dev.spillway.control.decisions.DecisionRecord;
import dev.spillway.control.decisions.DecisionSource;
import dev.spillway.control.status.ConfigStatus;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.control.status.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdminPortTest {
  @Test
  void refusesToStartWhereThePortIsTaken() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
      InetSocketAddress same = new InetSocketAddress(loopback, taken.getLocalPort());
      AdminRoutes routes = new AdminRoutes(new NeverAsked(), new NeverAsked(), () -> "");

      assertThatThrownBy(() -> AdminPort.start(same, routes))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("listen.admin: cannot listen on ")
          .hasMessageContaining(":" + taken.getLocalPort() + " (in use, or not permitted)");
    }
  }

  private static final class NeverAsked implements HubStatus, DecisionSource {
    @Override
    public Readiness readiness() {
      throw new IllegalStateException("nobody can ask");
    }

    @Override
    public ConfigStatus config() {
      throw new IllegalStateException("nobody can ask");
    }

    @Override
    public List<DeploymentView> deployments() {
      throw new IllegalStateException("nobody can ask");
    }

    @Override
    public Optional<DecisionRecord> find(String id) {
      throw new IllegalStateException("nobody can ask");
    }

    @Override
    public List<DecisionRecord> latest(int most) {
      throw new IllegalStateException("nobody can ask");
    }
  }
}
