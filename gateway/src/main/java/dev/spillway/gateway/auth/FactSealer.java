package dev.spillway.gateway.auth;

import dev.spillway.core.policy.Ask;

/** Seals the facts of an attempt at a site; any loop. */
@FunctionalInterface
public interface FactSealer {
  /** Of a hub without agents: nobody would look at a seal. */
  FactSealer NONE = (ask, attemptId, atEpochSecond) -> "";

  /**
   * The facts, sealed under the platform's key; empty if nobody needs them.
   *
   * @param ask as it was found when the caller became known
   * @param attemptId an id that no other attempt has, of any request, whoever sends it
   */
  String seal(Ask ask, String attemptId, long atEpochSecond);
}
