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
   * What whoever connects may take.
   *
   * @param identifiedWithin after its handshake, a link's agent has said by then what the link is
   *     for; more than zero
   * @param enrolledWithin after its handshake, one who joins or renews has its answer by then; more
   *     than zero
   * @param strangers connections that have shown no certificate of an agent that is admitted, at
   *     least 1
   */
  public record Limits(Duration identifiedWithin, Duration enrolledWithin, int strangers) {
    /**
     * Of a thousand agents who come back at once, each has five connections whose handshakes wait
     * for their turn; and some that it gave up, which the hub does not know yet.
     */
    public static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(10), Duration.ofSeconds(15), 8_192);

    /** Checks every bound. */
    public Limits {
      require(identifiedWithin.isPositive(), "identifiedWithin", identifiedWithin, "> 0");
      require(enrolledWithin.isPositive(), "enrolledWithin", enrolledWithin, "> 0");
      require(strangers >= 1, "strangers", strangers, ">= 1");
    }

    private static void require(boolean holds, String name, Object value, String expected) {
      if (!holds) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
      }
    }
  }

  @Override
  public String toString() {
    return "LinkConfig[" + host + ":" + port + "]";
  }
}
