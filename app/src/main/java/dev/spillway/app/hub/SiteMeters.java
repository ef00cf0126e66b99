package dev.spillway.app.hub;

import dev.spillway.gateway.tunnel.LinkStatus;
import dev.spillway.gateway.tunnel.SiteLinks;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import dev.spillway.wire.link.SiteRefusal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/**
 * How agents are linked and what they refused, as the hub saw it and as they say; read when
 * somebody asks.
 */
final class SiteMeters {
  private static final double MILLIS = 1e3;

  private final SiteLinks links;
  private final MultiGauge connections;
  private final MultiGauge streams;
  private final MultiGauge heartbeatAge;
  private final MultiGauge clockOffset;
  private final MultiGauge agentRefusals;
  private final MultiGauge agentBundles;

  SiteMeters(MeterRegistry registry, SiteLinks links) {
    this.links = links;
    connections = gauge(registry, "connections", "open connections for requests", "");
    streams = gauge(registry, "streams", "requests on them", "");
    heartbeatAge = gauge(registry, "heartbeat.age", "since the last heartbeat", "seconds");
    clockOffset =
        gauge(
            registry, "clock.offset", "how far the agent's clock is ahead of the hub's", "seconds");
    agentRefusals = gauge(registry, "agent.refusals", "requests that the agent turned away", "");
    agentBundles =
        gauge(registry, "agent.bundles.refused", "policy bundles that the agent did not take", "");
    FunctionCounter.builder("spillway.link.bundles.refused", links, SiteLinks::bundlesRefused)
        .description("policy bundles that an agent did not take: forged, rolled back, too old")
        .register(registry);
    for (SiteRefusal reason : SiteRefusal.values()) {
      FunctionCounter.builder(
              "spillway.link.refusals",
              links,
              each -> each.refusals().getOrDefault(reason, 0L).doubleValue())
          .description("attempts that came back refused by an agent")
          .tag("reason", reason.label())
          .register(registry);
    }
  }

  /** Reads the links anew. */
  synchronized void refresh() {
    List<MultiGauge.Row<?>> open = new ArrayList<>();
    List<MultiGauge.Row<?>> requests = new ArrayList<>();
    List<MultiGauge.Row<?>> ages = new ArrayList<>();
    List<MultiGauge.Row<?>> offsets = new ArrayList<>();
    List<MultiGauge.Row<?>> refused = new ArrayList<>();
    List<MultiGauge.Row<?>> bundles = new ArrayList<>();
    for (LinkStatus each : links.status()) {
      Tags tags = Tags.of("site", each.site().value(), "agent", each.instance());
      open.add(MultiGauge.Row.of(tags, each.connections()));
      requests.add(MultiGauge.Row.of(tags, each.streams()));
      Heartbeat said = each.heartbeat();
      if (said != null) {
        ages.add(MultiGauge.Row.of(tags, each.heartbeatAgeMillis() / MILLIS));
        offsets.add(MultiGauge.Row.of(tags, each.clockOffsetMillis() / MILLIS));
        said.refusals()
            .forEach(refusal ->
                refused.add(
                    MultiGauge.Row.of(
                        tags.and("reason", refusal.reason().label()), refusal.times())));
        said.bundleRefusals()
            .forEach(refusal ->
                bundles.add(
                    MultiGauge.Row.of(
                        tags.and("reason", refusal.reason().label()), refusal.times())));
      }
    }
    connections.register(open, true);
    streams.register(requests, true);
    heartbeatAge.register(ages, true);
    clockOffset.register(offsets, true);
    agentRefusals.register(refused, true);
    agentBundles.register(bundles, true);
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String says, String unit) {
    MultiGauge.Builder gauge = MultiGauge.builder("spillway.link." + name).description(says);
    return (unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry);
  }
}
