package dev.spillway.control;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.control.api.AdminRoutes;
import dev.spillway.control.hosts.ServedHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminPortTest {
  @Test
  void refusesToStartWhereThePortIsTaken() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
      InetSocketAddress same = new InetSocketAddress(loopback, taken.getLocalPort());
      AdminRoutes routes = new AdminRoutes(new NeverAsked(), new NeverAsked(), () -> "");
      ServedHosts hosts = new ServedHosts("listen.admin-hosts", List.of());

      assertThatThrownBy(() -> AdminPort.start(same, hosts, routes))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("listen.admin: cannot listen on ")
          .hasMessageContaining(":" + taken.getLocalPort() + " (in use, or not permitted)");
    }
  }
}
