package dev.spillway.gateway.auth;

import dev.spillway.core.policy.Ask;

/** Seals the facts of a request when its caller is known, before it is routed; any loop. */
public interface FactSealer {
  /** Of a hub without agents: nobody would look at a seal. */
  FactSealer NONE =
      new FactSealer() {
        @Override
        public String seal(Ask ask, String requestId, long atEpochSecond) {
          return "";
        }

        @Override
        public String ofAttempt(String sealed, int attempt) {
          return "";
        }
      };

  /**
   * The facts, sealed under the platform's key; empty if nobody needs them.
   *
   * @param requestId an id that no other request has, whoever sends it
   */
  String seal(Ask ask, String requestId, long atEpochSecond);

  /** The same facts for one attempt of their request; empty if they are not what was sealed. */
  String ofAttempt(String sealed, int attempt);
}
