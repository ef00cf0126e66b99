package dev.spillway.core.model;

/**
 * How fast one replica of a deployment is believed to be before anything was measured.
 *
 * <p>The prior of the estimators; what is observed soon outweighs it. Time to first token grows
 * with the input, time per output token with the batch:
 *
 * <pre>
 *   ttft = baseMillis + input / prefillTokensPerSecond
 *   tpot = decodeMillis + decodeMillisPerSequence * batch
 * </pre>
 *
 * @param baseMillis time to first token of an empty prompt on an idle replica, at least 0
 * @param prefillTokensPerSecond input tokens one replica reads in a second, more than 0
 * @param decodeMillis time per output token of a lone request, at least 0
 * @param decodeMillisPerSequence what each further request of the batch adds to it, at least 0
 */
public record Speed(
    double baseMillis,
    double prefillTokensPerSecond,
    double decodeMillis,
    double decodeMillisPerSequence) {
  /** Checks every bound. */
  public Speed {
    if (!(baseMillis >= 0 && decodeMillis >= 0 && decodeMillisPerSequence >= 0)) {
      throw new IllegalArgumentException("speed: negative milliseconds (expected: >= 0)");
    }
    if (!(prefillTokensPerSecond > 0)) {
      throw new IllegalArgumentException(
          "speed.prefill-tokens-per-second: " + prefillTokensPerSecond + " (expected: > 0)");
    }
  }

  /** Whether another reads or writes faster or slower by more than this share. */
  public boolean differsFrom(Speed other, double share) {
    return Math.abs(other.prefillTokensPerSecond - prefillTokensPerSecond)
            > share * prefillTokensPerSecond
        || Math.abs(other.decodeMillis - decodeMillis) > share * decodeMillis;
  }
}
