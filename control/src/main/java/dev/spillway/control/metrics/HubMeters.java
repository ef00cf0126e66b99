package dev.spillway.control.metrics;

import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.HubStatus;
import dev.spillway.core.health.AdmissionState;
import dev.spillway.core.health.BreakerState;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.routing.Presence;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How deployments are doing and whether the configuration is the one that was meant, read from the
 * hub when somebody asks; {@code docs/metrics.md} says what to do when one moves.
 */
public final class HubMeters {
  private static final double HALF = 0.5;

  private final PrometheusMeterRegistry registry;
  private final HubStatus hub;
  private final Map<MultiGauge, ToDoubleFunction<DeploymentView>> gauges = new LinkedHashMap<>();

  /** Meters of this hub in this registry. */
  public HubMeters(PrometheusMeterRegistry registry, HubStatus hub) {
    this.registry = registry;
    this.hub = hub;
    gauge("in.flight", "attempts sent and unfinished", view -> view.status().inFlight());
    gauge(
        "queued.input.tokens",
        "input tokens sent whose first output token is not here yet",
        view -> view.status().queuedInputTokens());
    gauge("saturation", "how full, 1 is full", view -> view.status().saturation());
    gauge("breaker", "0 closed, 0.5 half open, 1 open", view -> level(view.status().breaker()));
    gauge(
        "misconfigured",
        "1 if it refuses our credential or does not know its model, for some operation at least",
        view -> view.status().misconfigured() ? 1 : 0);
    gauge(
        "present",
        "0 if its site is not linked, or no engine there answers; else 1",
        view -> view.status().presence() == Presence.PRESENT ? 1 : 0);
    gauge(
        "admission",
        "what it takes: 0 everything, 0.5 known sessions, 1 nothing",
        view -> level(view.status().admissionState()));
    gauge(
        "margin",
        "what was learnt to add to its predictions, as a share of the objective",
        view -> view.status().margin());
    Gauge.builder("spillway.config.loaded", hub, each -> each.config().loadedAt().getEpochSecond())
        .description("when the configuration in force was loaded")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("spillway.config.refused", hub, HubMeters::refused)
        .description("1 if a later configuration was refused, and an older one is in force")
        .register(registry);
  }

  /** Everything in the registry, in the text format of Prometheus. */
  public synchronized String page() {
    List<DeploymentView> deployments = hub.deployments();
    gauges.forEach((gauge, value) -> gauge.register(rows(deployments, value), true));
    return registry.scrape();
  }

  private void gauge(String name, String says, ToDoubleFunction<DeploymentView> value) {
    MultiGauge gauge =
        MultiGauge.builder("spillway.deployment." + name).description(says).register(registry);
    gauges.put(gauge, value);
  }

  private static List<MultiGauge.Row<?>> rows(
      List<DeploymentView> deployments, ToDoubleFunction<DeploymentView> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (DeploymentView view : deployments) {
      Deployment deployment = view.deployment();
      Tags tags =
          Tags.of("deployment", deployment.id().value(), "site", deployment.site().id().value());
      rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(view)));
    }
    return rows;
  }

  private static double refused(HubStatus hub) {
    return hub.config().lastError() == null ? 0 : 1;
  }

  private static double level(BreakerState breaker) {
    return switch (breaker) {
      case CLOSED -> 0;
      case HALF_OPEN -> HALF;
      case OPEN -> 1;
    };
  }

  private static double level(AdmissionState state) {
    return switch (state) {
      case NEW_AND_EXISTING -> 0;
      case EXISTING_ONLY -> HALF;
      case NONE -> 1;
    };
  }
}
