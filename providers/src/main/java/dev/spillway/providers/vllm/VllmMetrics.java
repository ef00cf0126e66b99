package dev.spillway.providers.vllm;

import dev.spillway.providers.metrics.LoadMetrics;
import dev.spillway.providers.metrics.LoadMetrics.Idle;
import dev.spillway.providers.metrics.LoadMetrics.KvUse;
import java.util.List;

/** What vLLM calls its load, in its new and its old versions. */
public final class VllmMetrics {
  /** Names of vLLM 0.6 and later; {@code gpu_cache_usage_perc} is the old name of the KV gauge. */
  public static final LoadMetrics NAMES =
      new LoadMetrics(
          List.of("vllm:num_requests_running"),
          List.of("vllm:num_requests_waiting"),
          new KvUse.Gauge(List.of("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")),
          Idle.SHOWS_ZERO);

  private VllmMetrics() {}
}
