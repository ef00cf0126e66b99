package dev.spillway.providers.llamacpp;

import dev.spillway.providers.metrics.LoadMetrics;
import dev.spillway.providers.metrics.LoadMetrics.Idle;
import dev.spillway.providers.metrics.LoadMetrics.KvUse;
import java.util.List;

/** What the server of llama.cpp calls its load; its page needs {@code --metrics}. */
public final class LlamaCppMetrics {
  private LlamaCppMetrics() {}

  /**
   * Names of 2026. The gauges of the KV cache are gone, so its use is the share of busy slots.
   *
   * @param slots as the server was started with ({@code --parallel}), at least 1
   */
  public static LoadMetrics names(int slots) {
    return new LoadMetrics(
        List.of("llamacpp:requests_processing"),
        List.of("llamacpp:requests_deferred"),
        new KvUse.Slots(slots),
        Idle.SHOWS_ZERO);
  }
}
