package dev.spillway.gateway.auth;

import org.jspecify.annotations.Nullable;

/**
 * What the key gives that one connection presented last: its next request mostly has the same, and
 * needs no hash then.
 *
 * <p>A caller's key is compared with nothing but what it sent itself on the same connection: how
 * long that takes tells it nothing new. One connection, one thread.
 */
public final class LastKey {
  private @Nullable KeyDirectory directory;
  private @Nullable String key;
  private @Nullable Grant grant;

  /** What the key gives by this directory, the one in force; null if nobody has it. */
  public @Nullable Grant find(KeyDirectory inForce, String presented) {
    if (directory == inForce && presented.equals(key)) {
      return grant;
    }
    Grant found = inForce.find(presented);
    if (found != null) { // what strangers send is not kept: it may be long, and they many
      directory = inForce;
      key = presented;
      grant = found;
    }
    return found;
  }
}
