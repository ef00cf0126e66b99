package dev.spillway.providers;

import dev.spillway.core.provider.CapacityApi;
import dev.spillway.providers.llamacpp.LlamaCppMetrics;
import dev.spillway.providers.metrics.EngineMetrics;
import dev.spillway.providers.metrics.EnginePages;
import dev.spillway.providers.metrics.LoadMetrics;
import dev.spillway.providers.sglang.SglangMetrics;
import dev.spillway.providers.tgi.TgiMetrics;
import dev.spillway.providers.vllm.VllmMetrics;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be seen of a deployment's capacity, by the name of its dialect, or of its engine. */
public final class Capacities {
  private Capacities() {}

  /** Reads the engines of one deployment; empty if engines of that dialect show no load. */
  public static Optional<CapacityApi> of(String dialect, EnginePages pages) {
    @Nullable LoadMetrics metrics =
        switch (dialect) {
          case "vllm" -> VllmMetrics.NAMES;
          case "sglang" -> SglangMetrics.NAMES;
          case "llamacpp" -> LlamaCppMetrics.names(pages.slotsPerEngine());
          case "tgi" -> TgiMetrics.names(pages.slotsPerEngine());
          default -> null;
        };
    return Optional.ofNullable(metrics).map(names -> new EngineMetrics(names, pages));
  }
}
