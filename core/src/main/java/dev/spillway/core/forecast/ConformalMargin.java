package dev.spillway.core.forecast;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * A safety margin that learns from misses until just the share of them remains that was asked for.
 *
 * <pre>
 *   margin += step * (missed - target), within [0, 1]
 * </pre>
 *
 * <p>Adaptive conformal inference: Gibbs and Candes, "Adaptive conformal inference under
 * distribution shift", NeurIPS 2021. For any sequence at all, the share of misses over {@code n}
 * outcomes differs from the target by at most {@code (1 + step) / (step * n)}, as long as the
 * margin is not held by its bounds.
 *
 * <p>Shared by all event loops: one {@code long}, stepped by compare-and-set.
 */
public final class ConformalMargin {
  private static final AtomicLongFieldUpdater<ConformalMargin> BITS =
      AtomicLongFieldUpdater.newUpdater(ConformalMargin.class, "bits");

  private final double step;
  private volatile long bits;

  /**
   * A margin that has learnt nothing yet.
   *
   * @param initial where it starts, 0 to 1
   * @param step how far one miss moves it, as a share of the whole, in (0, 1]
   */
  public ConformalMargin(double initial, double step) {
    if (!(initial >= 0 && initial <= 1)) {
      throw new IllegalArgumentException("initial: " + initial + " (expected: 0 to 1)");
    }
    if (!(step > 0 && step <= 1)) {
      throw new IllegalArgumentException("step: " + step + " (expected: > 0 and <= 1)");
    }
    this.step = step;
    this.bits = Double.doubleToRawLongBits(initial);
  }

  /** A share of the objective (or of the level), 0 to 1. */
  public double value() {
    return Double.longBitsToDouble(bits);
  }

  /**
   * A promise was broken.
   *
   * @param target the share of outcomes that may be misses, in (0, 1)
   */
  public void missed(double target) {
    move(step * (1 - target));
  }

  /**
   * A promise was kept.
   *
   * @param target the share of outcomes that may be misses, in (0, 1)
   */
  public void kept(double target) {
    move(-step * target);
  }

  private void move(double by) {
    while (true) {
      long before = bits;
      double moved = Math.clamp(Double.longBitsToDouble(before) + by, 0.0, 1.0);
      if (BITS.compareAndSet(this, before, Double.doubleToRawLongBits(moved))) {
        return;
      }
    }
  }
}
