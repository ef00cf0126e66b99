package dev.spillway.site;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.ModelsApi;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.site.engine.Replica;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks one engine what it serves: when it answers first, when it is back, and every 30 seconds. One
 * that does not answer that now is asked again sooner, and what was known stays; what one that is
 * gone served is forgotten.
 *
 * <p>One thread.
 */
final class ModelsProbe {
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Replica replica;
  private final @Nullable ModelsApi models;
  private long dueNanos;
  private boolean due = true;

  /**
   * Of one engine.
   *
   * @param models null if it is not asked
   */
  ModelsProbe(Replica replica, @Nullable ModelsApi models) {
    this.replica = replica;
    this.models = models;
  }

  /** Asks, if it is time; blocks for as long as the engine has to answer. */
  void ask(long nowNanos) throws InterruptedException {
    if (models == null || (!due && nowNanos - dueNanos < 0)) {
      return;
    }
    due = false;
    try {
      replica.serves(models.read());
      dueNanos = nowNanos + EVERY.toNanos();
    } catch (ProviderException _) {
      dueNanos = nowNanos + AGAIN.toNanos(); // late, or about to go: its load tells which
    }
  }

  /** It did not answer for a while, and does now. */
  void isBack() {
    due = true;
  }

  /** It is gone. */
  void forget() {
    replica.serves(EngineModels.UNKNOWN);
  }
}
