package dev.spillway.simulator.engine;

/** What one iteration computes, summed over its sequences; filled anew for each. */
final class Batch {
  long prefillTokens;
  double prefillContext;
  int decodes;
  long decodeContext;
  private int budget;

  /** Empties it; at most this many tokens may then be added. */
  void reset(int maxTokens) {
    prefillTokens = 0;
    prefillContext = 0;
    decodes = 0;
    decodeContext = 0;
    budget = maxTokens;
  }

  int tokensLeft() {
    return budget;
  }

  /** Adds the next tokens of a sequence, on top of the context it has. */
  void add(Sequence sequence, int tokens) {
    budget -= tokens;
    long context = sequence.computedTokens();
    if (sequence.decodes()) {
      decodes++;
      decodeContext += context + 1;
    } else {
      prefillTokens += tokens;
      prefillContext += tokens * (context + tokens / 2.0);
    }
  }

  boolean isEmpty() {
    return prefillTokens == 0 && decodes == 0;
  }
}
