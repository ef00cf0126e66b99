package dev.spillway.providers.sglang;

import dev.spillway.providers.metrics.LoadMetrics;
import dev.spillway.providers.metrics.LoadMetrics.Idle;
import dev.spillway.providers.metrics.LoadMetrics.KvUse;
import java.util.List;

/** What SGLang calls its load; its page needs {@code --enable-metrics}. */
public final class SglangMetrics {
  /** Names of 2026; {@code token_usage} is the share of the KV cache's tokens in use. */
  public static final LoadMetrics NAMES =
      new LoadMetrics(
          List.of("sglang:num_running_reqs"),
          List.of("sglang:num_queue_reqs"),
          new KvUse.Gauge(List.of("sglang:token_usage")),
          Idle.SHOWS_ZERO);

  private SglangMetrics() {}
}
