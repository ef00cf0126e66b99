package dev.spillway.providers.metrics;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where the engines of one deployment show their metrics.
 *
 * @param uris one an engine, such as {@code http://10.0.0.7:8000/metrics}; at least one
 * @param slotsPerEngine requests that an engine can serve at once, at least 1; asked only of
 *     engines that do not tell the use of their KV cache
 * @param timeout for all of them together, above zero
 */
public record EnginePages(List<URI> uris, int slotsPerEngine, Duration timeout) {
  /** Checks every bound. */
  public EnginePages {
    uris = List.copyOf(uris);
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("uris: [] (expected: at least one)");
    }
    if (slotsPerEngine < 1) {
      throw new IllegalArgumentException("slotsPerEngine: " + slotsPerEngine + " (expected: >= 1)");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
    }
  }
}
