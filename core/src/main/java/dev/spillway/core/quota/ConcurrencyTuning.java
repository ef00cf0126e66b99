package dev.spillway.core.quota;

/**
 * How the concurrency limit of a provider that tells nothing is learnt.
 *
 * @param initial attempts in flight at first, at least 1; default 20
 * @param calmInflation time to first token over that without load up to which the limit may grow;
 *     more than 1; default 1.5
 * @param badInflation the same from which it shrinks; more than {@code calmInflation}; default 2.5
 * @param shrink factor on inflation, in (0, 1); default 0.98
 * @param shrinkOnRefusal factor on a refusal, in (0, 1); default 0.7, after CUBIC (RFC 9438)
 * @param settleMillis one refusal counts in this time: those behind it were sent already; more than
 *     0; default 1000
 */
public record ConcurrencyTuning(
    int initial,
    double calmInflation,
    double badInflation,
    double shrink,
    double shrinkOnRefusal,
    long settleMillis) {
  /** The defaults above. */
  public static final ConcurrencyTuning DEFAULT =
      new ConcurrencyTuning(20, 1.5, 2.5, 0.98, 0.7, 1_000);

  /** Checks every bound. */
  public ConcurrencyTuning {
    if (initial < 1 || settleMillis < 1) {
      throw new IllegalArgumentException(
          "concurrency: " + initial + ", " + settleMillis + " ms (expected: each >= 1)");
    }
    if (!(calmInflation > 1 && badInflation > calmInflation)) {
      throw new IllegalArgumentException(
          "concurrency.inflation: " + calmInflation + ", " + badInflation + " (expected: 1 < 2)");
    }
    if (!(shrink > 0 && shrink < 1 && shrinkOnRefusal > 0 && shrinkOnRefusal < 1)) {
      throw new IllegalArgumentException(
          "concurrency.shrink: " + shrink + ", " + shrinkOnRefusal + " (expected: > 0 and < 1)");
    }
  }
}
