package dev.spillway.simulator.report;

import java.util.Arrays;
import java.util.Locale;

/** Exact quantiles of times, in milliseconds. */
record Quantiles(double p50, double p90, double p99) {
  private static final double NANOS_PER_MILLI = 1e6;

  static Quantiles ofNanos(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99));
  }

  String text() {
    return String.format(Locale.ROOT, "p50 %.1f   p90 %.1f   p99 %.1f ms", p50, p90, p99);
  }

  /** The smallest value that this share of all do not exceed; 0 of none. */
  private static double at(long[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.max(0, rank)] / NANOS_PER_MILLI;
  }
}
