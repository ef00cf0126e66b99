package dev.spillway.core.forecast;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A quantile of positive numbers, learnt one at a time.
 *
 * <p>A larger number raises the estimate, a smaller one lowers it, so far that both balance at the
 * quantile; steps are shares of the estimate, wide at first and {@value #STEP} at last:
 *
 * <pre>
 *   log q += step * (larger ? p : p - 1),  step = max(0.05, 1 / (1 + n / 4))
 * </pre>
 *
 * <p>Robbins and Monro, "A stochastic approximation method", 1951, on the logarithm. What matters
 * of a number is on which side it lies, so one of which no more is known than that it is larger
 * ({@link #atLeast}) teaches as well as any.
 *
 * <p>Shared by all event loops: one {@code long}, stepped by compare-and-set; 32 bits the logarithm
 * as a float, 32 bits how many were seen.
 */
public final class RunningQuantile {
  private static final double STEP = 0.05;
  private static final double WIDE_FOR = 4;
  private static final int COUNTED = 1 << 20;

  private final double quantile;
  private final AtomicLong packed;

  /**
   * Nothing seen yet.
   *
   * @param quantile in (0, 1)
   * @param initial the first guess, more than 0
   */
  public RunningQuantile(double quantile, double initial) {
    if (!(quantile > 0 && quantile < 1 && initial > 0)) {
      throw new IllegalArgumentException(
          "quantile: " + quantile + ", " + initial + " (expected: > 0 and < 1, > 0)");
    }
    this.quantile = quantile;
    this.packed = new AtomicLong(pack((float) Math.log(initial), 0));
  }

  /** The estimate, more than 0. */
  public double value() {
    return Math.exp(log(packed.get()));
  }

  /** How many were seen, as far as that matters. */
  public int seen() {
    return (int) packed.get();
  }

  /** One more number, more than 0. */
  public void observe(double number) {
    float log = (float) Math.log(Math.max(number, Double.MIN_NORMAL));
    packed.updateAndGet(before -> moved(before, log > log(before)));
  }

  /** One more number, of which nothing is known but that it is not below this. */
  public void atLeast(double number) {
    float log = (float) Math.log(Math.max(number, Double.MIN_NORMAL));
    packed.updateAndGet(before -> log > log(before) ? moved(before, true) : before);
  }

  private long moved(long before, boolean larger) {
    int seen = (int) before;
    double step = Math.max(STEP, 1 / (1 + seen / WIDE_FOR));
    double next = log(before) + step * (larger ? quantile : quantile - 1);
    return pack((float) next, Math.min(seen + 1, COUNTED));
  }

  private static float log(long packed) {
    return Float.intBitsToFloat((int) (packed >>> 32));
  }

  private static long pack(float log, int seen) {
    return (long) Float.floatToRawIntBits(log) << 32 | seen;
  }
}
