package dev.spillway.core.model;

/**
 * Places numbers that follow one another evenly in [0, 1), without dice: {@code frac(n * phi)},
 * Weyl's sequence with the golden ratio, whose first so many members are nowhere crowded, however
 * many that is.
 */
public final class EvenSpread {
  private static final double GOLDEN_RATIO = 0.618_033_988_749_894_9;

  private EvenSpread() {}

  /** Where this number lies, in [0, 1). */
  public static double of(long number) {
    double turns = number * GOLDEN_RATIO;
    return turns - Math.floor(turns);
  }
}
