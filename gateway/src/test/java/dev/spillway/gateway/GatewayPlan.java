package dev.spillway.gateway;

import dev.spillway.gateway.GatewayConfig.Tls;
import dev.spillway.gateway.GatewayConfig.Transport;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway of a test listens: as usual, on a free port and one loop, but for what is said.
 */
final class GatewayPlan {
  private final GatewayConfig usual;
  private int loops = 1;
  private Transport transport;
  private int maxBodyBytes;
  private long bodyMemoryBytes;
  private Duration requestWithin;
  private Duration idleWithin;
  private List<String> corsOrigins;
  private @Nullable Tls tls;

  private GatewayPlan(GatewayConfig usual) {
    this.usual = usual;
    this.transport = usual.transport();
    this.maxBodyBytes = usual.maxBodyBytes();
    this.bodyMemoryBytes = usual.bodyMemoryBytes();
    this.requestWithin = usual.requestWithin();
    this.idleWithin = usual.idleWithin();
    this.corsOrigins = usual.corsOrigins();
  }

  static GatewayPlan usual() {
    return on("127.0.0.1");
  }

  static GatewayPlan on(String host) {
    return new GatewayPlan(GatewayConfig.on(host, 0));
  }

  GatewayPlan loops(int changed) {
    loops = changed;
    return this;
  }

  GatewayPlan over(Transport changed) {
    transport = changed;
    return this;
  }

  /** The longest body, and what there is for all; an upload may take all of that. */
  GatewayPlan bodies(int mostBytes, long memoryBytes) {
    maxBodyBytes = mostBytes;
    bodyMemoryBytes = memoryBytes;
    return this;
  }

  /** How long a client has to send a request, and how long it may send and take nothing. */
  GatewayPlan within(Duration request, Duration idle) {
    requestWithin = request;
    idleWithin = idle;
    return this;
  }

  /** Pages of this origin may call. */
  GatewayPlan calledFrom(String origin) {
    corsOrigins = List.of(origin);
    return this;
  }

  GatewayPlan secured(Tls by) {
    tls = by;
    return this;
  }

  GatewayConfig config() {
    return new GatewayConfig(
        usual.host(),
        usual.port(),
        loops,
        transport,
        maxBodyBytes,
        (int) Math.min(usual.maxUploadBytes(), bodyMemoryBytes),
        bodyMemoryBytes,
        usual.continuationMemoryBytes(),
        usual.answerMemoryBytes(),
        usual.maxHeaderBytes(),
        usual.maxConnections(),
        requestWithin,
        idleWithin,
        usual.names(),
        corsOrigins,
        tls);
  }
}
