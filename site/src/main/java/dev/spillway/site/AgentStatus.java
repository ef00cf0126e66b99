package dev.spillway.site;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.site.identity.SiteIdentity;
import dev.spillway.site.tunnel.HubLinks;
import dev.spillway.wire.link.BundleRefusal;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteRefusal;
import java.util.List;
import java.util.Map;

/**
 * How an agent is, for the partner who runs it: no tenants, no content.
 *
 * @param identity who it is; its certificate says until when
 * @param draining whether it is about to stop
 * @param requests under way
 * @param bundleVersion of the policy bundle in force; 0 for none
 * @param bundleNotAfter until when that lets new requests in, seconds since 1970
 * @param bundleRefusals bundles that came and were not taken, by reason
 * @param hubs how each hub is linked
 * @param deployments how busy the engines are, and what they serve
 * @param refusals requests turned away, by reason
 */
public record AgentStatus(
    SiteIdentity identity,
    boolean draining,
    int requests,
    long bundleVersion,
    long bundleNotAfter,
    Map<BundleRefusal, Long> bundleRefusals,
    List<HubLinks.View> hubs,
    List<Served> deployments,
    Map<SiteRefusal, Long> refusals) {
  /** Copies. */
  public AgentStatus {
    hubs = List.copyOf(hubs);
    deployments = List.copyOf(deployments);
  }

  /**
   * One deployment.
   *
   * @param state what the hub is told
   * @param models what each of its engines says that it serves, in the order of its replicas
   */
  public record Served(DeploymentState state, List<EngineModels> models) {
    /** Copies. */
    public Served {
      models = List.copyOf(models);
    }
  }

  /** Bundles that came and were not taken. */
  public long bundlesRefused() {
    return bundleRefusals.values().stream().mapToLong(Long::longValue).sum();
  }
}
