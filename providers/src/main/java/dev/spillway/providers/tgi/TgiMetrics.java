package dev.spillway.providers.tgi;

import dev.spillway.providers.metrics.LoadMetrics;
import dev.spillway.providers.metrics.LoadMetrics.Idle;
import dev.spillway.providers.metrics.LoadMetrics.KvUse;
import java.util.List;

/** What Text Generation Inference calls its load. */
public final class TgiMetrics {
  private TgiMetrics() {}

  /**
   * Names of 2026. It shows no use of its KV cache, so that is the share of busy sequences; and it
   * shows a number only from the moment on when it first changed.
   *
   * @param sequences that it batches at once ({@code --max-batch-size} or what its memory allows),
   *     at least 1
   */
  public static LoadMetrics names(int sequences) {
    return new LoadMetrics(
        List.of("tgi_batch_current_size"),
        List.of("tgi_queue_size"),
        new KvUse.Slots(sequences),
        Idle.SHOWS_NOTHING);
  }
}
