package dev.spillway.site;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.provider.CapacityApi;
import dev.spillway.core.provider.ModelsApi;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.engine.ServedDeployment.Prefixes;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.site.relay.Service;
import dev.spillway.wire.link.HubAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is told.
 *
 * @param hubs every hub to link to; at least one
 * @param proxy an HTTP proxy that leads to them; null if none is needed
 * @param deployments what it serves, at least one
 * @param limits how much of it
 * @param loops event loops; 0 for one per core
 */
public record AgentConfig(
    List<HubAddress> hubs,
    @Nullable HttpProxy proxy,
    Map<DeploymentId, Deployment> deployments,
    Service.Limits limits,
    int loops) {
  /** Checks every bound and copies. */
  public AgentConfig {
    hubs = List.copyOf(hubs);
    deployments = Map.copyOf(deployments);
    if (hubs.isEmpty() || deployments.isEmpty() || loops < 0) {
      throw new IllegalArgumentException("hubs, deployments: none (expected: at least one)");
    }
  }

  /**
   * One deployment.
   *
   * @param engines at least one
   * @param prefixes who shares what they hold of prompts
   * @param prefillTokensPerSecond what one of them reads in a second; 0 to learn it
   * @param calibration whether they are measured
   */
  public record Deployment(
      List<Engine> engines,
      Prefixes prefixes,
      double prefillTokensPerSecond,
      Calibration calibration) {
    /** Of which tenants share nothing, and which is not measured. */
    public Deployment(List<Engine> engines, double prefillTokensPerSecond) {
      this(engines, Prefixes.OF_A_TENANT, prefillTokensPerSecond, Calibration.OFF);
    }

    /** Copies. */
    public Deployment {
      engines = List.copyOf(engines);
    }
  }

  /** Whether engines are measured. */
  public enum Calibration {
    /** With small requests, while they have no others. */
    WHILE_IDLE,
    /** They are asked nothing but what the hub asks. */
    OFF
  }

  /**
   * One engine.
   *
   * @param address where its API is
   * @param load how its load is read; null if it shows none: then it counts as there while its port
   *     takes connections
   * @param models how it is asked what it serves; null if it is not
   */
  public record Engine(
      EngineAddress address, @Nullable CapacityApi load, @Nullable ModelsApi models) {}
}
