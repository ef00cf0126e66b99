package dev.spillway.providers.models;

import java.net.URI;
import java.time.Duration;

/**
 * Where one engine says what it serves.
 *
 * @param list its list of models, such as {@code http://10.0.0.7:8000/v1/models}
 * @param root what pages of its own are below, such as {@code http://10.0.0.7:8000}
 * @param timeout for all of them together, above zero
 */
public record ModelPages(URI list, URI root, Duration timeout) {
  /** Checks the bound. */
  public ModelPages {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
    }
  }
}
