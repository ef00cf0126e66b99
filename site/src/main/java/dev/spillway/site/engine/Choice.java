package dev.spillway.site.engine;

import dev.spillway.site.prefix.PromptPrefix;

/**
 * An engine for a request, and why.
 *
 * @param inputTokens of the whole prompt, estimated
 * @param heldTokens of its beginning, that the engine is believed to hold; at most all of it
 */
public record Choice(
    ServedDeployment deployment,
    Replica replica,
    PromptPrefix prefix,
    long inputTokens,
    long heldTokens) {
  /** What the engine has to read of it. */
  long tokensToRead() {
    return inputTokens - heldTokens;
  }

  /** Of two for the same request: the earlier first token, then the smaller load, then a turn. */
  boolean isBetterThan(Choice other) {
    long cost = replica.tokensAhead() + tokensToRead();
    long others = other.replica.tokensAhead() + other.tokensToRead();
    if (cost != others) {
      return cost < others;
    }
    int load = replica.inFlight();
    int othersLoad = other.replica.inFlight();
    return load == othersLoad
        ? replica.lastSentNanos() - other.replica.lastSentNanos() < 0
        : load < othersLoad;
  }

  void taken(long nowNanos) {
    replica.sent(prefix, tokensToRead(), nowNanos);
  }

  void read() {
    replica.read(tokensToRead());
  }

  /** It was read, with nothing else before it. */
  void readAlone(long nanos) {
    deployment.learn(inputTokens, heldTokens, nanos);
  }
}
