package dev.spillway.gateway.auth;

import dev.spillway.core.policy.Ask;

/** Seals the facts of a request when its caller is known, before it is routed; any loop. */
@FunctionalInterface
public interface FactSealer {
  /** Of a hub without agents: nobody would look at a seal. */
  FactSealer NONE = (ask, requestId, atEpochSecond) -> "";

  /** The facts, sealed under the platform's key; empty if nobody needs them. */
  String seal(Ask ask, String requestId, long atEpochSecond);
}
