package dev.spillway.gateway.tunnel;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * Where the hub listens for agents, and what it proves itself with.
 *
 * @param host address to bind
 * @param port port to bind; 0 for any that is free
 * @param key of the hub's certificate; a secret
 * @param certificate the hub's own
 * @param authority who signed it, and signs for agents
 */
public record LinkConfig(
    String host, int port, PrivateKey key, X509Certificate certificate, X509Certificate authority) {
  @Override
  public String toString() {
    return "LinkConfig[" + host + ":" + port + "]";
  }
}
