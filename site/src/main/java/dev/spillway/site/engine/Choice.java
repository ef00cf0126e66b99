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
  boolean isBetterThan(Choice other, long nowNanos) {
    long cost = cost(nowNanos);
    long others = other.cost(nowNanos);
    if (cost != others) {
      return cost < others;
    }
    int load = replica.inFlight();
    int othersLoad = other.replica.inFlight();
    return load == othersLoad
        ? replica.lastSentNanos() - other.replica.lastSentNanos() < 0
        : load < othersLoad;
  }

  /** It is sent there; it is {@link #read} once if that is seen, and {@link #ended} once. */
  void taken(Reading reading, long nowNanos) {
    switch (reading) { // before it counts as there: who sees it there sees its part of the queue
      case SEEN -> replica.reads(tokensToRead());
      case UNSEEN -> replica.readsUnseen(tokensToRead(), deployment.tokensPerSecond(), nowNanos);
    }
    replica.sent(prefix, nowNanos);
  }

  /** It was seen that it was read, or never will be. */
  void read() {
    replica.read(tokensToRead());
  }

  /** It is over. */
  void ended(Reading reading, long nowNanos) {
    if (reading == Reading.UNSEEN) {
      replica.unseenEnded(tokensToRead(), deployment.tokensPerSecond(), nowNanos);
    }
    replica.ended();
  }

  /** Whether the engine has nothing else to read. */
  boolean isAlone(long nowNanos) {
    return tokensAhead(nowNanos) == 0 && replica.pending() == 0;
  }

  /** It was read, with nothing else before it. */
  void readAlone(long nanos) {
    deployment.learn(inputTokens, heldTokens, nanos);
  }

  private long cost(long nowNanos) {
    return tokensAhead(nowNanos) + tokensToRead();
  }

  private long tokensAhead(long nowNanos) {
    return replica.tokensAhead(deployment.tokensPerSecond(), nowNanos);
  }
}
