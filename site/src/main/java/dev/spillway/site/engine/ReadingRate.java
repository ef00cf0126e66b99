package dev.spillway.site.engine;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What one engine reads in a second: as it was told; else as it was measured, and as requests teach
 * that found it with nothing else to read. Shared by all loops: one record, stepped by
 * compare-and-set.
 */
final class ReadingRate {
  private static final double WEIGHT = 0.1;
  private static final long FEWEST_TOKENS = 64;

  /** A prompt of which more than this is held says little of how fast it was read. */
  private static final double MOST_HELD = 0.25;

  private static final double NANOS_PER_SECOND = 1e9;

  private final double told;
  private final AtomicReference<Learnt> learnt = new AtomicReference<>(new Learnt(0, 0));

  /** What is believed; the time that a request takes beside being read is not part of it. */
  private record Learnt(double tokensPerSecond, long baseNanos) {
    Learnt observe(long tokens, long nanos) {
      double seen = tokens * NANOS_PER_SECOND / Math.max(nanos - baseNanos, nanos / 2);
      double next =
          tokensPerSecond == 0 ? seen : tokensPerSecond + WEIGHT * (seen - tokensPerSecond);
      return new Learnt(next, baseNanos);
    }
  }

  /**
   * Told or not.
   *
   * @param told 0 if not
   */
  ReadingRate(double told) {
    this.told = told;
  }

  boolean isTold() {
    return told > 0;
  }

  /** 0 if nobody knows. */
  double tokensPerSecond() {
    return isTold() ? told : learnt.get().tokensPerSecond();
  }

  /** It was measured, with nothing else to do. */
  void measured(long tokensPerSecond, long baseNanos) {
    learnt.set(new Learnt((double) tokensPerSecond, baseNanos));
  }

  /** A prompt that had an engine to itself was seen to have been read after this time. */
  void observe(long inputTokens, long heldTokens, long nanos) {
    long read = inputTokens - heldTokens;
    if (read >= FEWEST_TOKENS && heldTokens <= MOST_HELD * inputTokens && nanos > 0) {
      learnt.updateAndGet(before -> before.observe(read, nanos));
    }
  }
}
