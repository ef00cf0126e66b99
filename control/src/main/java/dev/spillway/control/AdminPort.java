package dev.spillway.control;

import dev.spillway.control.api.AdminRoutes;
import dev.spillway.control.hosts.ServedHosts;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The port for operators and Prometheus: health, metrics, decisions; it changes nothing.
 *
 * <p>There is no login, so it belongs on a loopback address or behind one that has; web pages
 * elsewhere are kept out by the host that a request names.
 */
public final class AdminPort implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final WebServer server;

  private AdminPort(WebServer server) {
    this.server = server;
  }

  /**
   * Starts one that listens when this returns.
   *
   * @param address where; port 0 is any free one
   * @param hosts the names under which it answers
   * @throws IOException if the port cannot be had
   */
  public static AdminPort start(InetSocketAddress address, ServedHosts hosts, AdminRoutes routes)
      throws IOException {
    if (address.isUnresolved()) {
      throw new IOException("listen.admin: cannot listen on " + address + ": unknown host");
    }
    WebServer server =
        WebServer.builder()
            .address(address.getAddress())
            .port(address.getPort())
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .featuresDiscoverServices(false)
            .routing(routing -> routes.addTo(routing, hosts))
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      throw cannotListen(address, e);
    }
    // It tells its log that a port is taken, and nobody else.
    if (!server.isRunning()) {
      throw cannotListen(address, null);
    }
    return new AdminPort(server);
  }

  private static IOException cannotListen(InetSocketAddress at, @Nullable Exception cause) {
    String where = at.getHostString() + ":" + at.getPort();
    return new IOException(
        "listen.admin: cannot listen on " + where + " (in use, or not permitted)", cause);
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Stops listening. */
  @Override
  public void close() {
    server.stop();
  }
}
