package dev.spillway.app.config;

import java.net.URI;

/**
 * Where an engine's API is for the agent next to it, which speaks no TLS there.
 *
 * @param value an http URL with a host
 */
public record EngineUrl(URI value) {
  static final String PATTERN = "^http://[^/@?#\\s_]+(/[^?#\\s]*)?$";

  /** Checks what an agent could not dial. */
  public EngineUrl {
    if (!value.toString().matches(PATTERN) || value.getHost() == null) {
      throw new IllegalArgumentException("url: " + value + " (expected: http://host:port)");
    }
  }
}
