package dev.spillway.gateway.server;

/** Told to a connection when the hub goes down: one that serves nobody closes. */
public enum Drain {
  /** Now. */
  NOW
}
