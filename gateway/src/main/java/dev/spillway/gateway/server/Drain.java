package dev.spillway.gateway.server;

/**
 * Told to every connection when the hub goes down, one phase after the other; each may be told
 * twice.
 */
public enum Drain {
  /** New requests are refused; connections stay, so that those on their way hear it. */
  REFUSE,
  /** Connections that serve nobody close. */
  CLOSE_IDLE,
  /** What is still under way is ended, with an error. */
  END
}
