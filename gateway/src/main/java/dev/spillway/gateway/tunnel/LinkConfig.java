package dev.spillway.gateway.tunnel;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * Where the hub listens for agents, and what it proves itself with.
 *
 * @param host address to bind
 * @param port port to bind; 0 for any that is free
 * @param key of the hub's certificate; a secret
 * @param certificate the hub's own
 * @param authority who signed it, and signs for agents
 * @param limits of those who connect
 */
public record LinkConfig(
    String host,
    int port,
    PrivateKey key,
    X509Certificate certificate,
    X509Certificate authority,
    Limits limits) {
  /**
   * How long whoever connects may keep to itself what it wants.
   *
   * @param identifiedWithin a link's agent has said by then what the link is for, more than zero
   */
  public record Limits(Duration identifiedWithin) {
    /** A round trip, on any way; the hub asks at once. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10));

    /** Checks every bound. */
    public Limits {
      if (!identifiedWithin.isPositive()) {
        throw new IllegalArgumentException(
            "identifiedWithin: " + identifiedWithin + " (expected: > 0)");
      }
    }
  }

  @Override
  public String toString() {
    return "LinkConfig[" + host + ":" + port + "]";
  }
}
