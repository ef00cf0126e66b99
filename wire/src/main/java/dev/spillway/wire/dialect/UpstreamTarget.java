package dev.spillway.wire.dialect;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration of a deployment says of its inference API.
 *
 * @param basePath path of the configured URL, such as {@code /v1}; empty for none, else with a
 *     slash at its start and none at its end
 * @param model what the provider calls the model, or the deployment of it
 * @param apiVersion the version to ask for; null if the configuration names none
 * @param order in which order the engine takes waiting requests
 */
public record UpstreamTarget(
    String basePath, String model, @Nullable String apiVersion, EngineOrder order) {
  /** Checks the form of the path, and that there is a model. */
  public UpstreamTarget {
    if (!basePath.isEmpty() && (!basePath.startsWith("/") || basePath.endsWith("/"))) {
      throw new IllegalArgumentException(
          "basePath: '" + basePath + "' (expected: empty, or '/...' without a slash at its end)");
    }
    if (model.isEmpty()) {
      throw new IllegalArgumentException("model: '' (expected: the provider's name of the model)");
    }
  }

  /** In which order an engine takes waiting requests. */
  public enum EngineOrder {
    /** As they come; a {@code priority} in the body would be refused or ignored. */
    ARRIVAL,
    /** By the {@code priority} in the body; the engine was started so. */
    PRIORITY
  }
}
