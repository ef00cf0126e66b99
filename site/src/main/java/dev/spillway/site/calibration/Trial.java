package dev.spillway.site.calibration;

/**
 * A small request of our own.
 *
 * @param promptTokens about so many, at least 1
 * @param outputTokens at most so many, at least 1
 */
record Trial(int promptTokens, int outputTokens) {
  /** What it costs the engine. */
  int tokens() {
    return promptTokens + outputTokens;
  }

  /**
   * What came of one.
   *
   * @param promptTokens as the engine counted them, or as we did if it did not
   * @param firstNanos from sending it to the first of the answer
   * @param laterTokens those that came after the first
   * @param laterNanos from the first to the last of the answer
   */
  record Seen(long promptTokens, long firstNanos, long laterTokens, long laterNanos) {}
}
