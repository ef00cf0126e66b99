package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
  private static final int NOBODY = 9;

  @Test
  void saysThatAHostIsNotKnown() {
    assertThatIOException()
        .isThrownBy(() -> start(GatewayPlan.on("no-such-host.invalid").config()))
        .withMessageStartingWith("listen.data: cannot listen on no-such-host.invalid:")
        .withMessageEndingWith(" (unknown host)");
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatIOException()
          .isThrownBy(() -> start(GatewayConfig.on("127.0.0.1", taken.getLocalPort())))
          .withMessageStartingWith("listen.data: cannot listen on 127.0.0.1:")
          .withMessageContaining("in use");
    }
  }

  private static void start(GatewayConfig config) throws Exception {
    TestHub.with(config, NOBODY).close();
  }
}
