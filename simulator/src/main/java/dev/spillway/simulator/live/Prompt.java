package dev.spillway.simulator.live;

/**
 * What is to be answered.
 *
 * @param tokens of everything, by four characters a token, at least 1
 * @param hash of what is to be answered; together with the seed it fixes the answer
 * @param begun what the answer already says, to be gone on with; empty for a fresh answer
 * @param wish what it asks of the simulation
 */
record Prompt(int tokens, long hash, String begun, Wish wish) {
  /** What follows a beginning that is not this engine's own: it depends on that as well. */
  long foreignHash() {
    return 31 * hash + begun.hashCode();
  }
}
